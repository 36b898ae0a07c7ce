// `@digitalbazaar/vc` with its eddsa-rdfc-2022 suite, and
// `@digitalcredentials/verifier-core`, each as its authors publish it.
//
// Nothing here knows Lanyard: contexts come from the peers' own packages, keys
// from did:key, status lists over HTTP from where the credential says.

import * as vc from '@digitalbazaar/vc';
import { DataIntegrityProof } from '@digitalbazaar/data-integrity';
import { cryptosuite } from '@digitalbazaar/eddsa-rdfc-2022-cryptosuite';
import * as Ed25519Multikey from '@digitalbazaar/ed25519-multikey';
import { securityLoader } from '@digitalcredentials/security-document-loader';
import { verifyCredential } from '@digitalcredentials/verifier-core';
import { reason, serve } from './pipe.mjs';

const documentLoader = securityLoader({ fetchRemoteContexts: true }).build();
const verifyingSuite = () => new DataIntegrityProof({ cryptosuite });

async function signer({ secretKeyMultibase, publicKeyMultibase, did }) {
  const key = await Ed25519Multikey.from({
    '@context': 'https://w3id.org/security/multikey/v1',
    type: 'Multikey',
    id: `${did}#${publicKeyMultibase}`,
    controller: did,
    publicKeyMultibase,
    secretKeyMultibase,
  });
  return key.signer();
}

/** A key of the peer's own making: `{did, publicKeyMultibase, secretKeyMultibase}`. */
async function generate() {
  const key = await Ed25519Multikey.generate();
  const exported = await key.export({ publicKey: true, secretKey: true });
  const { publicKeyMultibase, secretKeyMultibase } = exported;
  return { did: `did:key:${publicKeyMultibase}`, publicKeyMultibase, secretKeyMultibase };
}

async function issue({ credential, key, created }) {
  const suite = new DataIntegrityProof({ signer: await signer(key), cryptosuite, date: created });
  return vc.issue({ credential, suite, documentLoader });
}

/** The signature alone: `@digitalbazaar/vc` reads no status. */
async function verify({ credential }) {
  const result = await vc.verifyCredential({
    credential,
    suite: verifyingSuite(),
    documentLoader,
    checkStatus: async () => ({ verified: true }),
  });
  return { verified: result.verified, error: reason(result.error) };
}

/** verifier-core's log: valid_signature, expiration, revocation_status. */
async function verifyCore({ credential }) {
  const result = await verifyCredential({ credential, knownDIDRegistries: [] });
  const log = Object.fromEntries((result.log ?? []).map((step) => [step.id, step.valid ?? `error: ${step.error?.name}`]));
  const schema = (result.additionalInformation ?? []).flatMap((information) => information.results ?? []);
  return { log, errors: (result.errors ?? []).map((error) => error.name), schema };
}

/** Contexts by their addresses, from the peers' packages, for a peer that has none. */
async function contexts({ urls }) {
  const known = urls.map(async (url) => [url, (await documentLoader(url)).document]);
  return Object.fromEntries(await Promise.all(known));
}

/** Rates of one core: issue and verify again and again for `seconds` each. */
async function rate({ credential, key, seconds }) {
  const signed = await issue({ credential: structuredClone(credential), key });
  const perSecond = async (work) => {
    for (let warm = 0; warm < 5; warm += 1) await work();
    const begun = performance.now();
    let count = 0;
    while (performance.now() - begun < seconds * 1000) {
      await work();
      count += 1;
    }
    return (count * 1000) / (performance.now() - begun);
  };
  return {
    digitalbazaar_issue_per_s: await perSecond(() => issue({ credential: structuredClone(credential), key })),
    digitalbazaar_verify_per_s: await perSecond(() => verify({ credential: signed })),
    // The badge measured has no status, so that no network is measured with it.
    verifier_core_verify_per_s: await perSecond(() => verifyCore({ credential: structuredClone(signed) })),
  };
}

await serve({ generate, issue, verify, verifyCore, contexts, rate });
