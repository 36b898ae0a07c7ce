// `@openid4vc/openid4vci` and `@openid4vc/openid4vp` as somebody's wallet, and
// `@digitalbazaar/oid4-client` as another's.
//
// Nothing here knows Lanyard: what a wallet is told stands in the links it is given and
// in what they lead to. Keys are the wallet's own.

import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync, randomBytes, sign, verify } from 'node:crypto';
import { Agent } from 'node:https';
import { Openid4vciClient, setGlobalConfig } from '@openid4vc/openid4vci';
import { Openid4vpClient } from '@openid4vc/openid4vp';
import { OID4Client, getCredentialOffer, oid4vp } from '@digitalbazaar/oid4-client';
import { importJWK, jwtVerify } from 'jose';
import { SDJwtVcInstance } from '@sd-jwt/sd-jwt-vc';
import * as vc from '@digitalbazaar/vc';
import { DataIntegrityProof } from '@digitalbazaar/data-integrity';
import { cryptosuite } from '@digitalbazaar/eddsa-rdfc-2022-cryptosuite';
import * as Ed25519Multikey from '@digitalbazaar/ed25519-multikey';
import { securityLoader } from '@digitalcredentials/security-document-loader';
import { serve } from './pipe.mjs';

// Over loopback the libraries are told to take http.
setGlobalConfig({ allowInsecureUrls: true });

const base64url = (value) => Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');
const encoded = (key) => ({ key, dsaEncoding: 'ieee-p1363' });
const signed = (data, jwk) =>
  sign('sha256', Buffer.from(data), encoded(createPrivateKey({ key: jwk, format: 'jwk' }))).toString('base64url');
const verified = (data, signature, jwk) =>
  verify('sha256', Buffer.from(data), encoded(createPublicKey({ key: jwk, format: 'jwk' })), Buffer.from(signature, 'base64url'));

/** A P-256 key of the wallet's own, with the did:jwk it goes by. */
function generate() {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const [secret, jwk] = [privateKey, publicKey].map((key) => key.export({ format: 'jwk' }));
  return { secret, public: jwk, did: `did:jwk:${base64url(jwk)}` };
}

/** The key that a did:jwk is, or that the document of a did:web lists. */
async function keyOf(didUrl) {
  const [did] = didUrl.split('#');
  if (did.startsWith('did:jwk:')) return JSON.parse(Buffer.from(did.slice('did:jwk:'.length), 'base64url'));
  throw new Error(`${did} is not resolved here`);
}

const callbacks = (key) => ({
  fetch,
  hash: (data, algorithm) => createHash(algorithm.replace('-', '')).update(data).digest(),
  generateRandom: (length) => randomBytes(length),
  // A public client: it says its name and proves nothing.
  clientAuthentication: ({ body }) => {
    body.client_id = 'a-wallet';
  },
  signJwt: async (signer, { header, payload }) => {
    const input = `${base64url(header)}.${base64url(payload)}`;
    return { jwt: `${input}.${signed(input, key.secret)}`, signerJwk: key.public };
  },
  verifyJwt: async (signer, { compact }) => {
    const jwk = signer.method === 'jwk' ? signer.publicJwk : await keyOf(signer.didUrl);
    const [header, payload, signature] = compact.split('.');
    return { verified: verified(`${header}.${payload}`, signature, jwk), signerJwk: jwk };
  },
  decryptJwe: async () => ({ decrypted: false }),
  encryptJwe: () => {
    throw new Error('nothing is encrypted here');
  },
});

/** The signer of a proof: the bare key, or a DID that is it. */
const signerOf = (key, method) =>
  method === 'did'
    ? { method: 'did', alg: 'ES256', didUrl: `${key.did}#0` }
    : { method: 'jwk', alg: 'ES256', publicJwk: key.public };

/** What a refused request was answered. */
async function refusal(response) {
  const { status } = response.response;
  return new Error(`${status} ${await response.response.clone().text()}`);
}

async function resolved(client, link) {
  const credentialOffer = await client.resolveCredentialOffer(link);
  return { credentialOffer, issuerMetadata: await client.resolveIssuerMetadata(credentialOffer.credential_issuer) };
}

/** Takes the badges of an offer by its pre-authorised code. */
async function take({ link, txCode, key, configuration, method, nonce, notify }) {
  const client = new Openid4vciClient({ callbacks: callbacks(key) });
  const { credentialOffer, issuerMetadata } = await resolved(client, link);
  const { accessTokenResponse } = await client.retrievePreAuthorizedCodeAccessTokenFromOffer({
    credentialOffer,
    issuerMetadata,
    txCode,
  });
  return retrieve({ client, issuerMetadata, accessToken: accessTokenResponse.access_token, key, configuration, method, nonce, notify });
}

async function retrieve({ client, issuerMetadata, accessToken, key, configuration, method, nonce, notify }) {
  const supported = issuerMetadata.credentialIssuer.credential_configurations_supported[configuration];
  let proofs;
  if (supported.proof_types_supported) {
    const { jwt } = await client.createCredentialRequestJwtProof({
      issuerMetadata,
      credentialConfigurationId: configuration,
      signer: signerOf(key, method),
      nonce: nonce ?? (await client.requestNonce({ issuerMetadata })).c_nonce,
      issuedAt: new Date(),
    });
    proofs = { jwt: [jwt] };
  }
  const answer = await client.retrieveCredentials({ issuerMetadata, accessToken, credentialConfigurationId: configuration, proofs });
  if (!answer.ok) throw await refusal(answer);
  const { credentials, notification_id } = answer.credentialResponse;
  if (notify) {
    const notification = { notificationId: notification_id, event: 'credential_accepted' };
    await client.sendNotification({ issuerMetadata, notification, accessToken });
  }
  return { credential: credentials[0].credential, accessToken, version: issuerMetadata.originalDraftVersion };
}

/** Where the holder's browser is sent for an authorisation code. */
async function authorise({ link, key, redirectUri }) {
  const client = new Openid4vciClient({ callbacks: callbacks(key) });
  const { credentialOffer, issuerMetadata } = await resolved(client, link);
  const request = await client.createAuthorizationRequestUrlFromOffer({
    credentialOffer,
    issuerMetadata,
    clientId: 'a-wallet',
    redirectUri,
    state: 'state of the wallet',
  });
  return { url: request.authorizationRequestUrl, verifier: request.pkce.codeVerifier };
}

/** Takes a badge by the authorisation code that the browser came back with. */
async function takeByCode({ link, back, verifier, key, configuration, redirectUri }) {
  const client = new Openid4vciClient({ callbacks: callbacks(key) });
  const { credentialOffer, issuerMetadata } = await resolved(client, link);
  const [authorizationServer] = issuerMetadata.authorizationServers;
  const { code } = client.parseAndVerifyAuthorizationResponseRedirectUrl({
    url: back,
    authorizationServerMetadata: authorizationServer,
  });
  const { accessTokenResponse } = await client.retrieveAuthorizationCodeAccessTokenFromOffer({
    credentialOffer,
    issuerMetadata,
    authorizationCode: code,
    pkceCodeVerifier: verifier,
    redirectUri,
  });
  return retrieve({ client, issuerMetadata, accessToken: accessTokenResponse.access_token, key, configuration });
}

/** The request behind a link, its signature and its verifier's name checked. */
async function requested({ link, key, byPost }) {
  const client = new Openid4vpClient({ callbacks: callbacks(key) });
  const parsed = client.parseOpenid4vpAuthorizationRequest({ authorizationRequest: link });
  const request = await client.resolveOpenId4vpAuthorizationRequest({
    authorizationRequestPayload: parsed.params,
    wallet: byPost ? { requestObjectSigningAlgValuesSupported: ['ES256'] } : undefined,
  });
  return { client, request };
}

/** What a wallet would show its holder of a request. */
async function look({ link, key }) {
  const { request } = await requested({ link, key });
  return {
    client: request.client,
    payload: request.authorizationRequestPayload,
    query: request.dcql?.query,
    version: request.version,
  };
}

async function sdJwtPresentation({ credential, key, nonce, audience }) {
  const instance = new SDJwtVcInstance({
    signAlg: 'ES256',
    kbSignAlg: 'ES256',
    hashAlg: 'sha-256',
    hasher: (data, algorithm) => createHash(algorithm.replace('-', '')).update(data).digest(),
    saltGenerator: () => randomBytes(16).toString('base64url'),
    kbSigner: (data) => signed(data, key.secret),
  });
  const payload = { iat: Math.floor(Date.now() / 1000), aud: audience, nonce };
  return instance.present(credential, { credentialSubject: { identifier: true } }, { kb: { payload } });
}

function jwtPresentation({ credential, key, nonce, audience }) {
  const header = { alg: 'ES256', typ: 'JWT', kid: `${key.did}#0` };
  const vp = { '@context': ['https://www.w3.org/2018/credentials/v1'], type: ['VerifiablePresentation'], holder: key.did, verifiableCredential: [credential] };
  const iat = Math.floor(Date.now() / 1000);
  const input = `${base64url(header)}.${base64url({ iss: key.did, aud: audience, nonce, iat, exp: iat + 60, vp })}`;
  return `${input}.${signed(input, key.secret)}`;
}

const documentLoader = securityLoader({ fetchRemoteContexts: true }).build();

async function ldpPresentation({ credential, nonce, audience }) {
  const key = await Ed25519Multikey.generate();
  const { publicKeyMultibase } = await key.export({ publicKey: true });
  const did = `did:key:${publicKeyMultibase}`;
  [key.id, key.controller] = [`${did}#${publicKeyMultibase}`, did];
  const presentation = vc.createPresentation({ verifiableCredential: [credential], holder: did });
  const suite = new DataIntegrityProof({ signer: key.signer(), cryptosuite });
  return vc.signPresentation({ presentation, suite, challenge: nonce, domain: audience, documentLoader });
}

const presentations = { 'dc+sd-jwt': sdJwtPresentation, ldp_vc: ldpPresentation, jwt_vc_json: jwtPresentation };

/** Presents a badge in the form of `format`; `nonce` and `audience` replace what was asked. */
async function present({ link, credential, format, key, nonce, audience }) {
  const { client, request } = await requested({ link, key });
  const asked = request.authorizationRequestPayload;
  const query = asked.dcql_query.credentials.find((one) => one.format === format);
  const presentation = await presentations[format]({
    credential,
    key,
    nonce: nonce ?? asked.nonce,
    audience: audience ?? asked.client_id,
  });
  const vpToken = { [query.id]: [presentation] };
  return { answer: await send({ client, asked, vpToken }), vpToken };
}

async function send({ client, asked, vpToken }) {
  const { authorizationResponsePayload } = await client.createOpenid4vpAuthorizationResponse({
    authorizationRequestPayload: asked,
    authorizationResponsePayload: { vp_token: vpToken },
  });
  const answer = await client.submitOpenid4vpAuthorizationResponse({
    authorizationRequestPayload: asked,
    authorizationResponsePayload,
  });
  const text = await answer.response.clone().text();
  if (!answer.response.ok) throw new Error(`${answer.response.status} ${text}`);
  return JSON.parse(text);
}

/** Sends what was presented once to another request. */
async function replay({ link, vpToken, key }) {
  const { client, request } = await requested({ link, key });
  return { answer: await send({ client, asked: request.authorizationRequestPayload, vpToken }) };
}

// `@digitalbazaar/oid4-client` takes https alone; the certificate is one that nobody trusts.
const agent = new Agent({ rejectUnauthorized: false });

/** The other wallet takes a badge of an offer that asks for no transaction code. */
async function bazaarTake({ link, version }) {
  const offer = await getCredentialOffer({ url: link, agent });
  const client = await OID4Client.fromCredentialOffer({ offer, agent, oid4vciVersion: version });
  return client.requestCredential({ agent, format: 'ldp_vc' });
}

/** The other wallet presents it. */
async function bazaarPresent({ link, credential }) {
  const getVerificationKey = async ({ protectedHeader }) => importJWK(await keyOf(protectedHeader.kid), 'ES256');
  let refused;
  const found = await oid4vp.authzRequest.get({ url: link, getVerificationKey, agent }).catch((error) => {
    refused = error.message;
  });
  const authorizationRequest = found?.authorizationRequest ?? (await requestBehind(link));
  const presentation = await ldpPresentation({
    credential,
    nonce: authorizationRequest.nonce,
    audience: authorizationRequest.client_id,
  });
  const { credentials } = authorizationRequest.dcql_query;
  const query = credentials.find((one) => one.format === 'ldp_vc');
  const vpToken = JSON.stringify({ [query.id]: [presentation] });
  const { result } = await oid4vp.authzResponse.send({ authorizationRequest, vpToken, vpTokenMediaType: 'application/json', agent });
  return { result, refused };
}

/** The request behind a link, verified by the JOSE library under the other wallet's. */
async function requestBehind(link) {
  const { searchParams } = new URL(link);
  const { httpClient } = await import('@digitalbazaar/http-client');
  const response = await httpClient.get(searchParams.get('request_uri'), { agent, headers: { accept: 'application/oauth-authz-req+jwt' } });
  const { payload } = await jwtVerify(await response.text(), async ({ kid }) => importJWK(await keyOf(kid), 'ES256'));
  await oid4vp.authzRequest.validate({ authorizationRequest: payload, expectedClientId: searchParams.get('client_id') });
  return payload;
}

await serve({ generate, take, authorise, takeByCode, look, present, replay, bazaarTake, bazaarPresent });
