// Credo's agent behind a pipe: an issuer, a holder and a verifier of credentials that
// VC-JOSE-COSE secures, in envelopes. Nothing here knows Lanyard.

import {
  JsonTransformer, W3cV2Credential, W3cV2EnvelopedVerifiableCredential, W3cV2EnvelopedVerifiablePresentation,
  W3cV2Presentation,
} from '@credo-ts/core';
import { start } from './credo_agent.mjs';
import { reason, serve } from './pipe.mjs';

const agent = await start();

async function newDid() {
  const options = { createKey: { type: { kty: 'EC', crv: 'P-256' } } };
  const { didState } = await agent.dids.create({ method: 'jwk', options });
  if (didState.state !== 'finished') throw new Error(didState.reason);
  return didState.did;
}

/** A credential signed under a did:jwk of the peer's, in an envelope, and one of its holder's presentations of it. */
async function issue({ credential, challenge, domain }) {
  const [issuer, holder] = [await newDid(), await newDid()];
  credential.issuer.id = issuer;
  credential.credentialSubject.id = holder;
  const signed = await agent.w3cV2Credentials.signCredential({
    format: 'vc+jwt',
    credential: JsonTransformer.fromJSON(credential, W3cV2Credential),
    alg: 'ES256',
    verificationMethod: `${issuer}#0`,
    holder: { method: 'did', didUrl: `${holder}#0` },
  });
  const enveloped = W3cV2EnvelopedVerifiableCredential.fromVerifiableCredential(signed);
  const presentation = await agent.w3cV2Credentials.signPresentation({
    format: 'vp+jwt',
    presentation: new W3cV2Presentation({ holder, verifiableCredential: [enveloped] }),
    challenge,
    domain,
  });
  return {
    credential: JsonTransformer.toJSON(enveloped),
    presentation: JsonTransformer.toJSON(W3cV2EnvelopedVerifiablePresentation.fromVerifiablePresentation(presentation)),
  };
}

/** What is in an envelope, if its issuer signed it. */
async function open({ envelope }) {
  const { envelopedCredential } = JsonTransformer.fromJSON(envelope, W3cV2EnvelopedVerifiableCredential);
  const result = await agent.w3cV2Credentials.verifyCredential({ credential: envelopedCredential });
  const faults = Object.values(result.validations).map(({ error }) => reason(error));
  if (!result.isValid) throw new Error([reason(result.error), ...faults].filter(Boolean).join('; '));
  const { id, issuerId } = envelopedCredential.resolvedCredential;
  return { id, issuer: issuerId };
}

await serve({ issue, open });
