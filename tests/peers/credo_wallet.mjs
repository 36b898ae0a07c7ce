// Credo's agent as somebody's wallet (`@credo-ts/openid4vc`). Nothing here knows Lanyard.

import { Kms } from '@credo-ts/core';
import { OpenId4VcModule } from '@credo-ts/openid4vc';
import { start } from './credo_agent.mjs';
import { serve } from './pipe.mjs';

const agent = await start({ openid4vc: new OpenId4VcModule({}) });
const { holder } = agent.openid4vc;

/** Takes the badge of an offer, verifies it as it always does, and keeps it. */
async function take({ link, txCode }) {
  const resolvedCredentialOffer = await holder.resolveCredentialOffer(link);
  const token = await holder.requestToken({ resolvedCredentialOffer, txCode });
  const { credentials } = await holder.requestCredentials({
    resolvedCredentialOffer,
    ...token,
    credentialConfigurationIds: ['badge_dc_sd_jwt'],
    credentialBindingResolver: async () => {
      const { publicJwk } = await agent.kms.createKey({ type: { kty: 'EC', crv: 'P-256' } });
      return { method: 'jwk', keys: [Kms.PublicJwk.fromPublicJwk(publicJwk)] };
    },
  });
  const [{ record, notificationId }] = credentials;
  await agent.sdJwtVc.store({ record });
  const { metadata } = resolvedCredentialOffer;
  await holder.sendNotification({ metadata, notificationId, accessToken: token.accessToken, notificationEvent: 'credential_accepted' });
  return { vct: record.getTags().vct };
}

/** Presents what it keeps that answers a request. */
async function present({ link }) {
  const { authorizationRequestPayload, dcql } = await holder.resolveOpenId4VpAuthorizationRequest(link);
  const credentials = holder.selectCredentialsForDcqlRequest(dcql.queryResult);
  const { ok, serverResponse } = await holder.acceptOpenId4VpAuthorizationRequest({ authorizationRequestPayload, dcql: { credentials } });
  if (!ok) throw new Error(`${serverResponse.status} ${JSON.stringify(serverResponse.body)}`);
  return serverResponse.body;
}

await serve({ take, present });
