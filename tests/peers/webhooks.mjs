// `standardwebhooks`, the specification's own library, as whoever receives messages.

import { Webhook } from 'standardwebhooks';
import { serve } from './pipe.mjs';

await serve({
  /** The message, if its signature is good and it is not old. */
  verify: ({ secret, headers, body }) => new Webhook(secret).verify(body, headers),
});
