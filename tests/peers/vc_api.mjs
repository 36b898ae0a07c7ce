// `@digitalbazaar/vc` as a client of the VC API, and as a holder who presents.
//
// Nothing here knows Lanyard: contexts come from the peers' own packages, keys
// from did:key.

import { request } from 'node:https';
import * as vc from '@digitalbazaar/vc';
import { DataIntegrityProof } from '@digitalbazaar/data-integrity';
import { cryptosuite } from '@digitalbazaar/eddsa-rdfc-2022-cryptosuite';
import * as Ed25519Multikey from '@digitalbazaar/ed25519-multikey';
import { securityLoader } from '@digitalcredentials/security-document-loader';
import { reason, serve } from './pipe.mjs';

const documentLoader = securityLoader({ fetchRemoteContexts: true }).build();
const verifyingSuite = () => new DataIntegrityProof({ cryptosuite });
const checkStatus = async () => ({ verified: true });

async function signingSuite({ did, publicKeyMultibase, secretKeyMultibase }) {
  const key = await Ed25519Multikey.from({
    '@context': 'https://w3id.org/security/multikey/v1',
    type: 'Multikey',
    id: `${did}#${publicKeyMultibase}`,
    controller: did,
    publicKeyMultibase,
    secretKeyMultibase,
  });
  return new DataIntegrityProof({ signer: key.signer(), cryptosuite });
}

async function generate() {
  const key = await Ed25519Multikey.generate();
  const { publicKeyMultibase, secretKeyMultibase } = await key.export({ publicKey: true, secretKey: true });
  return { did: `did:key:${publicKeyMultibase}`, publicKeyMultibase, secretKeyMultibase };
}

async function issue({ credential, key }) {
  return vc.issue({ credential, suite: await signingSuite(key), documentLoader });
}

async function verify({ credential }) {
  const result = await vc.verifyCredential({ credential, suite: verifyingSuite(), documentLoader, checkStatus });
  return { verified: result.verified, error: reason(result.error) };
}

async function present({ credentials, key, challenge, domain }) {
  const presentation = vc.createPresentation({ verifiableCredential: credentials, holder: key.did });
  return vc.signPresentation({ presentation, suite: await signingSuite(key), challenge, domain, documentLoader });
}

async function verifyPresentation({ presentation, challenge, domain }) {
  const suite = verifyingSuite();
  const result = await vc.verify({ presentation, suite, challenge, domain, documentLoader, checkStatus });
  return { verified: result.verified, error: reason(result.error) };
}

/** Posts JSON over TLS; the certificate is one that nobody trusts. */
function post({ url, body }) {
  return new Promise((resolve, reject) => {
    const options = { method: 'POST', rejectUnauthorized: false, headers: { 'Content-Type': 'application/json', Accept: 'application/json' } };
    const sent = request(url, options, async (response) => {
      let text = '';
      for await (const piece of response) text += piece;
      resolve({ status: response.statusCode, body: JSON.parse(text) });
    });
    sent.on('error', reject);
    sent.end(JSON.stringify(body));
  });
}

await serve({ generate, issue, verify, present, verifyPresentation, post });
