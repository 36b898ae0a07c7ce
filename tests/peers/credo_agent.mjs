// Credo's agent. It leaves key store and storage to its user; these are the smallest there
// can be: keys and records in memory, signatures by node's crypto.

import { createPublicKey, generateKeyPairSync, randomBytes, randomUUID, sign, verify } from 'node:crypto';
import { EventEmitter } from 'node:events';
import { Agent, InjectionSymbols, Kms, RecordNotFoundError, StorageVersionRecord, UpdateAssistant } from '@credo-ts/core';

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

/** An agent with these modules beside its own. */
export async function start(modules = {}) {
  const records = new Records();
  await records.save(undefined, new StorageVersionRecord({ storageVersion: UpdateAssistant.frameworkStorageVersion }));
  const agent = new Agent({
    // Over loopback it is told to take http.
    config: { allowInsecureHttpUrls: true },
    dependencies: { FileSystem: class {}, EventEmitterClass: EventEmitter, fetch, WebSocketClass: class {} },
    modules: {
      storage: { register: (manager) => manager.registerInstance(InjectionSymbols.StorageService, records) },
      kms: new Kms.KeyManagementModule({ backends: [new Keys()] }),
      ...modules,
    },
  });
  await agent.initialize();
  return agent;
}
