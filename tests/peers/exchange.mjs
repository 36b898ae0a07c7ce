// Holders of others' libraries in an exchange of the VC API: `@digitalcredentials/vc` with
// Ed25519Signature2020, as the Learner Credential Wallet has it, and `@digitalbazaar/vc` with
// Data Integrity. `@digitalbazaar/oid4-client` finds what a question by example asks for.
//
// Nothing here knows Lanyard: a wallet is given the address of an interaction, or a link to
// the Learner Credential Wallet, and does what it is told from there.

import * as bazaar from '@digitalbazaar/vc';
import { DataIntegrityProof } from '@digitalbazaar/data-integrity';
import { cryptosuite as eddsa } from '@digitalbazaar/eddsa-rdfc-2022-cryptosuite';
import { cryptosuite as ecdsa } from '@digitalbazaar/ecdsa-rdfc-2019-cryptosuite';
import * as EcdsaMultikey from '@digitalbazaar/ecdsa-multikey';
import * as Ed25519Multikey from '@digitalbazaar/ed25519-multikey';
import { query } from '@digitalbazaar/oid4-client';
import * as learner from '@digitalcredentials/vc';
import { Ed25519Signature2020 } from '@digitalcredentials/ed25519-signature-2020';
import { Ed25519VerificationKey2020 } from '@digitalcredentials/ed25519-verification-key-2020';
import { securityLoader } from '@digitalcredentials/security-document-loader';
import { serve } from './pipe.mjs';

const documentLoader = securityLoader({ fetchRemoteContexts: true }).build();

async function multikey(key) {
  const { publicKeyMultibase } = await key.export({ publicKey: true });
  const did = `did:key:${publicKeyMultibase}`;
  Object.assign(key, { id: `${did}#${publicKeyMultibase}`, controller: did });
  return { did, signer: key.signer() };
}

/** What each kind of holder signs with. */
const kinds = {
  Ed25519Signature2020: async () => {
    const key = await Ed25519VerificationKey2020.generate();
    const did = `did:key:${key.fingerprint()}`;
    Object.assign(key, { id: `${did}#${key.fingerprint()}`, controller: did });
    return { did, vc: learner, suite: () => new Ed25519Signature2020({ key }) };
  },
  'eddsa-rdfc-2022': async () => {
    const { did, signer } = await multikey(await Ed25519Multikey.generate());
    return { did, vc: bazaar, suite: () => new DataIntegrityProof({ signer, cryptosuite: eddsa }) };
  },
  'ecdsa-rdfc-2019': async () => {
    const { did, signer } = await multikey(await EcdsaMultikey.generate({ curve: 'P-256' }));
    return { did, vc: bazaar, suite: () => new DataIntegrityProof({ signer, cryptosuite: ecdsa }) };
  },
};

const holders = new Map();

/** A holder with a key of their own, by the name of what they sign with. */
async function holder({ name, kind }) {
  holders.set(name, await kinds[kind]());
  return { did: holders.get(name).did };
}

/** The exchange to which an interaction, or a link to the Learner Credential Wallet, leads. */
async function exchangeOf(start) {
  const url = new URL(start);
  if (url.hostname === 'lcw.app') return JSON.parse(decodeURI(url.searchParams.get('request'))).protocols.vcapi;
  if (!url.searchParams.has('iuv')) throw new Error('this is no interaction');
  const response = await fetch(start, { headers: { Accept: 'application/json' } });
  if (!response.ok) throw new Error(`${response.status} ${await response.text()}`);
  return (await response.json()).protocols.vcapi;
}

/** Says something to an exchange. */
async function say({ exchange, message }) {
  const response = await fetch(exchange, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(message),
  });
  return { status: response.status, body: await response.json() };
}

async function begun(exchange) {
  const { status, body } = await say({ exchange, message: {} });
  if (status !== 200) throw new Error(`${status} ${JSON.stringify(body)}`);
  return body.verifiablePresentationRequest;
}

/** What of the credentials at hand a request asks for. */
function chosen(request, credentials) {
  const examples = request.query.filter(({ type }) => type === 'QueryByExample');
  const maps = examples.map(({ credentialQuery }) => query.queryByExample.toJsonPointerMap(credentialQuery));
  return credentials.filter((credential) => maps.some((map) => query.credentialMatches({ credential, map })));
}

/** Takes part: begins, signs what is wanted, and posts it where it is wanted. */
async function takePart({ start, name, credentials = [], challenge, domain }) {
  const exchange = await exchangeOf(start);
  const request = await begun(exchange);
  const { did, vc, suite } = holders.get(name);
  if (!request.query.some(({ type }) => type === 'DIDAuthentication')) throw new Error('nobody need sign');
  const shown = chosen(request, credentials);
  const presentation = vc.createPresentation({ holder: did, verifiableCredential: shown.length ? shown : undefined });
  const signed = await vc.signPresentation({
    presentation,
    suite: suite(),
    challenge: challenge ?? request.challenge,
    domain: domain ?? request.domain,
    documentLoader,
  });
  const message = { verifiablePresentation: signed };
  const { serviceEndpoint } = request.interact.service[0];
  const answer = await say({ exchange: serviceEndpoint, message });
  return { ...answer, message, exchange: serviceEndpoint, request, shown: shown.length };
}

/** Whether a badge is good, as a wallet asks before it keeps it. */
async function keep({ credential }) {
  const suite = new DataIntegrityProof({ cryptosuite: eddsa });
  const checkStatus = async () => ({ verified: true });
  const { verified, error } = await bazaar.verifyCredential({ credential, suite, documentLoader, checkStatus });
  if (!verified) throw error;
  return { verified };
}

await serve({ holder, takePart, say, keep });
