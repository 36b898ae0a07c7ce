// The cryptosuites of Digital Bazaar, each as its authors publish it, and their
// `Ed25519Signature2020` from before.
//
// Nothing here knows Lanyard: contexts come from the peers' own packages, keys
// from did:key.

import * as vc from '@digitalbazaar/vc';
import { DataIntegrityProof } from '@digitalbazaar/data-integrity';
import * as EcdsaMultikey from '@digitalbazaar/ecdsa-multikey';
import * as Ed25519Multikey from '@digitalbazaar/ed25519-multikey';
import * as ecdsaJcs from '@digitalbazaar/ecdsa-jcs-2019-cryptosuite';
import { cryptosuite as ecdsaRdfc } from '@digitalbazaar/ecdsa-rdfc-2019-cryptosuite';
import * as ecdsaSd from '@digitalbazaar/ecdsa-sd-2023-cryptosuite';
import * as eddsaJcs from '@digitalbazaar/eddsa-jcs-2022-cryptosuite';
import { cryptosuite as eddsaRdfc } from '@digitalbazaar/eddsa-rdfc-2022-cryptosuite';
import { Ed25519Signature2020 } from '@digitalbazaar/ed25519-signature-2020';
import { securityLoader } from '@digitalcredentials/security-document-loader';
import { reason, serve } from './pipe.mjs';

const MULTIKEY = 'https://w3id.org/security/multikey/v1';
const LEGACY = 'Ed25519Signature2020';

const signing = {
  'eddsa-rdfc-2022': () => eddsaRdfc,
  'eddsa-jcs-2022': () => eddsaJcs.createSignCryptosuite(),
  'ecdsa-rdfc-2019': () => ecdsaRdfc,
  'ecdsa-jcs-2019': () => ecdsaJcs.createSignCryptosuite(),
  'ecdsa-sd-2023': ({ mandatoryPointers }) => ecdsaSd.createSignCryptosuite({ mandatoryPointers }),
};
const verifying = {
  ...signing,
  'eddsa-jcs-2022': () => eddsaJcs.createVerifyCryptosuite(),
  'ecdsa-jcs-2019': () => ecdsaJcs.createVerifyCryptosuite(),
  'ecdsa-sd-2023': () => ecdsaSd.createVerifyCryptosuite(),
};

const contexts = securityLoader({ fetchRemoteContexts: true }).build();

/** Contexts from the packages; did:key of every curve from its own name. */
async function documentLoader(url) {
  if (url === Ed25519Signature2020.CONTEXT_URL) {
    return { contextUrl: null, documentUrl: url, document: Ed25519Signature2020.CONTEXT };
  }
  if (!url.startsWith('did:key:')) return contexts(url);
  const [did] = url.split('#');
  const publicKeyMultibase = did.slice('did:key:'.length);
  const method = { '@context': MULTIKEY, id: `${did}#${publicKeyMultibase}`, type: 'Multikey', controller: did, publicKeyMultibase };
  const controller = {
    '@context': ['https://www.w3.org/ns/did/v1', MULTIKEY],
    id: did,
    assertionMethod: [method.id],
    verificationMethod: [method],
  };
  return { contextUrl: null, documentUrl: url, document: url === did ? controller : method };
}

const multikeys = (curve) => (curve === 'Ed25519' ? Ed25519Multikey : EcdsaMultikey);

/** A key of the peer's own making: `{did, curve, publicKeyMultibase, secretKeyMultibase}`. */
async function generate({ curve }) {
  const key = await multikeys(curve).generate({ curve });
  const { publicKeyMultibase, secretKeyMultibase } = await key.export({ publicKey: true, secretKey: true });
  return { did: `did:key:${publicKeyMultibase}`, curve, publicKeyMultibase, secretKeyMultibase };
}

async function signer({ did, curve, publicKeyMultibase, secretKeyMultibase }) {
  const id = `${did}#${publicKeyMultibase}`;
  const key = { '@context': MULTIKEY, type: 'Multikey', id, controller: did, publicKeyMultibase, secretKeyMultibase };
  return (await multikeys(curve).from(key)).signer();
}

async function issue({ credential, key, suite, mandatoryPointers }) {
  const options = { signer: await signer(key) };
  const proving = suite === LEGACY
    ? new Ed25519Signature2020(options)
    : new DataIntegrityProof({ ...options, cryptosuite: signing[suite]({ mandatoryPointers }) });
  return vc.issue({ credential, suite: proving, documentLoader });
}

/** Derives from a base proof of ecdsa-sd-2023. */
async function derive({ credential, pointers }) {
  const cryptosuite = ecdsaSd.createDiscloseCryptosuite({ selectivePointers: pointers });
  const suite = new DataIntegrityProof({ cryptosuite });
  return vc.derive({ verifiableCredential: credential, suite, documentLoader });
}

/** The signature alone: `@digitalbazaar/vc` reads no status. */
async function verify({ credential, suite }) {
  const proving = suite === LEGACY
    ? new Ed25519Signature2020()
    : new DataIntegrityProof({ cryptosuite: verifying[suite]({}) });
  const checkStatus = async () => ({ verified: true });
  const result = await vc.verifyCredential({ credential, suite: proving, documentLoader, checkStatus });
  return { verified: result.verified, error: reason(result.error) };
}

/** The published context of `Ed25519Signature2020`. */
async function context() {
  return Ed25519Signature2020.CONTEXT;
}

await serve({ generate, issue, derive, verify, context });
