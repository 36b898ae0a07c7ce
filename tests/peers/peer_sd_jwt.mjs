// `@sd-jwt/sd-jwt-vc` behind a pipe. Nothing here knows Lanyard: keys and claims
// come with the request.

import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync, randomBytes, sign, verify } from 'node:crypto';
import { SDJwtVcInstance } from '@sd-jwt/sd-jwt-vc';
import { serve } from './pipe.mjs';

const encoded = (key) => ({ key, dsaEncoding: 'ieee-p1363' });
const signerOf = (jwk) => {
  const key = createPrivateKey({ key: jwk, format: 'jwk' });
  return (data) => sign('sha256', Buffer.from(data), encoded(key)).toString('base64url');
};
const verifierOf = (jwk) => {
  const key = createPublicKey({ key: jwk, format: 'jwk' });
  return (data, signature) =>
    verify('sha256', Buffer.from(data), encoded(key), Buffer.from(signature, 'base64url'));
};
const instance = (more) =>
  new SDJwtVcInstance({
    signAlg: 'ES256',
    kbSignAlg: 'ES256',
    hashAlg: 'sha-256',
    hasher: (data, algorithm) => createHash(algorithm.replace('-', '')).update(data).digest(),
    saltGenerator: () => randomBytes(16).toString('base64url'),
    ...more,
  });

/** A P-256 key of the peer's own making, as JWK: `{secret, public}`. */
function generate() {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return { secret: privateKey.export({ format: 'jwk' }), public: publicKey.export({ format: 'jwk' }) };
}

const issue = ({ claims, frame, key }) => instance({ signer: signerOf(key) }).issue(claims, frame);

function present({ sdJwt, frame, nonce, audience, iat, key }) {
  const kb = key && { payload: { iat, aud: audience, nonce } };
  return instance({ kbSigner: key && signerOf(key) }).present(sdJwt, frame, kb ? { kb } : undefined);
}

/** What is disclosed, if issuer and holder signed it for this verifier. */
async function verifySdJwt({ sdJwt, key, nonce, audience, iat }) {
  const verifying = instance({
    verifier: verifierOf(key),
    kbVerifier: (data, signature, payload) => verifierOf(payload.cnf.jwk)(data, signature),
  });
  const { payload, kb } = await verifying.verify(sdJwt, { currentDate: iat, keyBindingNonce: nonce });
  if (nonce && kb.payload.aud !== audience) throw new Error('another audience');
  return payload;
}

await serve({ generate, issue, present, verify: verifySdJwt });
