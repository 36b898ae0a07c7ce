// Credo's agent behind a pipe: an issuer, a holder and a verifier of credentials that
// VC-JOSE-COSE secures, in envelopes.
//
// Nothing here knows Lanyard. Credo leaves key store and storage to its user; these are
// the smallest there can be: keys and records in memory, signatures by node's crypto.

import { createPublicKey, generateKeyPairSync, randomBytes, randomUUID, sign, verify } from 'node:crypto';
import { EventEmitter } from 'node:events';
import {
  Agent, InjectionSymbols, JsonTransformer, Kms, RecordNotFoundError, StorageVersionRecord, UpdateAssistant,
  W3cV2Credential, W3cV2EnvelopedVerifiableCredential, W3cV2EnvelopedVerifiablePresentation, W3cV2Presentation,
} from '@credo-ts/core';
import { reason, serve } from './pipe.mjs';

/** P-256 keys in memory. */
class Keys {
  backend = 'memory';
  #keys = new Map();

  isOperationSupported(_context, { operation }) {
    return ['createKey', 'sign', 'verify', 'randomBytes'].includes(operation);
  }

  async getPublicKey(_context, keyId) {
    return this.#keys.get(keyId)?.publicJwk ?? null;
  }

  async createKey(_context, { keyId = randomUUID() }) {
    const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const publicJwk = { ...publicKey.export({ format: 'jwk' }), kid: keyId };
    this.#keys.set(keyId, { publicJwk, privateKey });
    return { keyId, publicJwk };
  }

  async sign(_context, { keyId, data }) {
    const key = this.#keys.get(keyId).privateKey;
    return { signature: new Uint8Array(sign('sha256', data, { key, dsaEncoding: 'ieee-p1363' })) };
  }

  async verify(_context, { key: { publicJwk }, data, signature }) {
    const key = createPublicKey({ key: { ...publicJwk, kid: undefined }, format: 'jwk' });
    const verified = verify('sha256', data, { key, dsaEncoding: 'ieee-p1363' }, signature);
    return verified ? { verified, publicJwk } : { verified };
  }

  randomBytes(_context, { length }) {
    return new Uint8Array(randomBytes(length));
  }
}

/** The agent's records, by kind and id. */
class Records {
  supportsCursorPagination = false;
  #records = new Map();

  #key = ({ type }, id) => `${type} ${id}`;

  async save(_context, record) {
    this.#records.set(this.#key(record, record.id), record);
  }

  async update(context, record) {
    await this.save(context, record);
  }

  async getById(_context, kind, id) {
    const record = this.#records.get(this.#key(kind, id));
    if (!record) throw new RecordNotFoundError(`no ${kind.type} ${id}`, { recordType: kind.type });
    return record;
  }

  async getAll(_context, { type }) {
    return [...this.#records.values()].filter((record) => record.type === type);
  }

  async findByQuery(context, kind, query) {
    const all = await this.getAll(context, kind);
    return all.filter((record) => this.#matches(record, query));
  }

  /** What its users ask with: tags, and `$or`. */
  #matches(record, { $or, ...tags }) {
    const has = ([name, value]) => value === undefined || record.getTags()[name] === value;
    return Object.entries(tags).every(has) && (!$or || $or.some((query) => this.#matches(record, query)));
  }
}

async function start() {
  const records = new Records();
  await records.save(undefined, new StorageVersionRecord({ storageVersion: UpdateAssistant.frameworkStorageVersion }));
  const agent = new Agent({
    config: {},
    dependencies: { FileSystem: class {}, EventEmitterClass: EventEmitter, fetch, WebSocketClass: class {} },
    modules: {
      storage: { register: (manager) => manager.registerInstance(InjectionSymbols.StorageService, records) },
      kms: new Kms.KeyManagementModule({ backends: [new Keys()] }),
    },
  });
  await agent.initialize();
  return agent;
}

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
