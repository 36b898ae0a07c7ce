// The journey of a badge as people meet it: posted, opened, shared, checked,
// revoked; at a phone's width and a desk's, with and without JavaScript, in both
// languages, and with axe finding nothing on any page.

import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { createRequire } from 'node:module';
import { chromium } from 'playwright-core';
import { completion, startService } from './service.mjs';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const pictures = new URL('../../target/screenshots/', import.meta.url).pathname;
const widths = { phone: { width: 320, height: 720 }, desk: { width: 1280, height: 900 } };

let service;
let browser;
let badge;

before(async () => {
  mkdirSync(pictures, { recursive: true });
  service = await startService();
  browser = await chromium.launch({
    executablePath: process.env.LANYARD_TEST_CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
      '--disable-background-networking', '--disable-component-update', '--disable-sync'],
  });
  const response = await service.post('/v1/completions', completion('journey', 'Siân Sampleton'));
  assert.equal(response.status, 201);
  badge = (await response.json()).credential;
});

after(async () => {
  await browser?.close();
  await service?.stop();
});

/** Opens pages in a fresh context and fails on whatever the browser complains of. */
async function visit(options, work) {
  const context = await browser.newContext({ javaScriptEnabled: false, ...options });
  const page = await context.newPage();
  const complaints = [];
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(error.message));
  try {
    await work(page);
    assert.deepEqual(complaints.filter((text) => !/status of 4\d\d/.test(text)), []);
  } finally {
    await context.close();
  }
}

/** axe runs in a world of its own: it needs the page's CSP and JavaScript switched round it. */
async function accessible(url) {
  const context = await browser.newContext({ bypassCSP: true, viewport: widths.phone });
  const page = await context.newPage();
  await page.goto(url);
  await page.addScriptTag({ content: axe });
  const { violations } = await page.evaluate(() =>
    globalThis.axe.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] }));
  await context.close();
  assert.deepEqual(
    violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`), [], url);
}

/** Nothing runs off the side, and the picture is kept to be looked at. */
async function fits(page, name, width) {
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  assert.ok(overflow <= 0, `${name} is ${overflow}px wider than ${width}`);
  await page.screenshot({ path: `${pictures}${name}-${width}.png`, fullPage: true });
}

test('every page fits a phone and a desk, and axe finds nothing', async () => {
  const credential = await (await fetch(badge.url, { headers: { accept: 'application/vc+ld+json' } })).json();
  const achievement = credential.credentialSubject.achievement.id;
  const paths = {
    home: '/', badge: new URL(badge.page).pathname, verify: '/verify', achievement: new URL(achievement).pathname,
    issuer: '/issuers/nhs-digital-academy', api: '/docs/api', problems: '/problems',
    problem: '/problems/not-found', missing: '/nowhere',
  };
  for (const [name, path] of Object.entries(paths)) {
    for (const language of ['', '?lang=cy']) {
      const url = `${service.base}${path}${language}`;
      for (const [width, viewport] of Object.entries(widths)) {
        await visit({ viewport, javaScriptEnabled: true }, async (page) => {
          await page.goto(url);
          assert.equal(await page.locator('html').getAttribute('lang'), language ? 'cy' : 'en', url);
          assert.equal(await page.locator('h1').count(), 1, url);
          await fits(page, `${name}${language ? '-cy' : ''}`, width);
        });
      }
      await accessible(url);
    }
  }
});

test('the badge page shows what was achieved, by whom, and how to check it', async () => {
  await visit({ viewport: widths.phone }, async (page) => {
    await page.goto(badge.page);
    const text = await page.locator('main').innerText();
    for (const shown of ['Introduction to digital, data and technology', 'Siân Sampleton', 'NHS Digital Academy']) {
      assert.ok(text.includes(shown), `${shown} is not on the page`);
    }
    const image = page.locator('main img').first();
    assert.ok((await image.getAttribute('alt')).length > 5);
    assert.ok(await image.evaluate((element) => element.complete && element.naturalWidth > 0));
    assert.equal(await page.locator('meta[name=robots]').getAttribute('content'), 'noindex');
    for (const property of ['og:title', 'og:description', 'og:image', 'og:url']) {
      assert.ok(await page.locator(`meta[property="${property}"]`).getAttribute('content'), property);
    }
  });
});

test('an interaction leads into a wallet, with the code given on its page', async () => {
  const made = async (path, body) => {
    const response = await service.post(path, body);
    assert.equal(response.status, 201);
    return response.json();
  };
  const offers = new URL(badge.url).pathname + '/offers';
  const offer = await made(offers, { transactionCode: false });
  const guarded = await made(offers, {});
  const request = await made('/v1/presentation-requests', { purpose: 'To check your training before your first shift' });
  for (const [name, { interactionUrl }] of Object.entries({ offer, guarded, request })) {
    for (const language of ['', '&lang=cy']) {
      const url = interactionUrl + language;
      for (const [width, viewport] of Object.entries(widths)) {
        await visit({ viewport, javaScriptEnabled: true }, async (page) => {
          await page.goto(url);
          assert.equal(await page.locator('html').getAttribute('lang'), language ? 'cy' : 'en', url);
          assert.ok(await page.locator('main img').evaluate((qr) => qr.complete && qr.naturalWidth > 0), url);
          await fits(page, `interaction-${name}${language ? '-cy' : ''}`, width);
        });
      }
      await accessible(url);
    }
  }
  await visit({ viewport: widths.phone }, async (page) => {
    await page.goto(guarded.interactionUrl);
    const learner = page.locator('main a[href^="https://lcw.app/"]');
    assert.equal(await learner.count(), 0);
    await page.locator('main form button').click();
    assert.equal(await page.locator('#tx_code-error').count(), 1);
    await fits(page, 'interaction-missing', 'phone');
    await page.locator('#tx_code').fill(guarded.transactionCode);
    await page.locator('main form button').click();
    const asked = JSON.parse(new URL(await learner.getAttribute('href')).searchParams.get('request'));
    const wanted = await fetch(asked.protocols.vcapi, {
      method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}',
    });
    assert.equal(wanted.status, 200);
    await fits(page, 'interaction-opened', 'phone');
  });
});

test('a badge is verified by its address, its JSON, its JWT and its picture, without JavaScript', async () => {
  const as = async (accept) => Buffer.from(await (await fetch(badge.url, { headers: { accept } })).arrayBuffer());
  const forms = {
    url: async (page) => page.locator('input[name=url]').fill(badge.url),
    json: async (page) => page.locator('textarea[name=text]').fill((await as('application/vc+ld+json')).toString()),
    jwt: async (page) => page.locator('textarea[name=text]').fill((await as('application/vc+jwt')).toString()),
    png: async (page) => page.locator('input[type=file]').setInputFiles({
      name: 'badge.png', mimeType: 'image/png', buffer: await as('image/png') }),
    svg: async (page) => page.locator('input[type=file]').setInputFiles({
      name: 'badge.svg', mimeType: 'image/svg+xml', buffer: await as('image/svg+xml') }),
  };
  for (const [form, fill] of Object.entries(forms)) {
    for (const [width, viewport] of Object.entries(widths)) {
      await visit({ viewport }, async (page) => {
        await page.goto(`${service.base}/verify`);
        await fill(page);
        await page.locator('main form button[type=submit], main form button').first().click();
        const text = await page.locator('main').innerText();
        assert.equal(await page.locator('h1').innerText(), 'This badge is genuine and valid', `${form}: ${text}`);
        await fits(page, `report-${form}`, width);
      });
    }
  }
});

test('a changed badge is refused with the reason', async () => {
  const credential = await (await fetch(badge.url, { headers: { accept: 'application/vc+ld+json' } })).text();
  await visit({ viewport: widths.phone }, async (page) => {
    await page.goto(`${service.base}/verify`);
    await page.locator('textarea[name=text]').fill(credential.replaceAll('Sampleton', 'Samplebury'));
    await page.locator('main form button').first().click();
    assert.equal(await page.locator('h1').innerText(), 'Do not rely on this badge');
    assert.ok(/signature/i.test(await page.locator('main').innerText()));
    await fits(page, 'report-changed', 'phone');
  });
});

test('whose badge it should be is compared when asked, and quietly left out when not', async () => {
  const checked = async (recipient, name) => {
    let text;
    await visit({ viewport: widths.phone }, async (page) => {
      await page.goto(`${service.base}/verify`);
      await page.locator('input[name=url]').fill(badge.url);
      await page.locator('input[name=recipient]').fill(recipient);
      await page.locator('main form button').first().click();
      text = await page.locator('main').innerText();
      await fits(page, name, 'phone');
    });
    return text;
  };
  const nobody = await checked('', 'report');
  assert.ok(nobody.includes('This badge is genuine and valid') && nobody.includes('Not asked'));
  assert.ok(!nobody.includes('What to look at'));
  assert.ok((await checked('Siân Sampleton', 'report-named')).includes('It names its subject'));
  assert.ok((await checked('Gwen Exampleworth', 'report-other')).includes('Do not rely on this badge'));
});

test('the badge of a programme shows the badges that made it up', async () => {
  const modules = ['introduction-digital-data-technology', 'user-centred-design', 'introduction-data-analytics',
    'implementing-digital-solutions', 'equality-diversity-inclusion'];
  let awards;
  for (const [number, achievement] of modules.entries()) {
    const posted = { ...completion(`programme-${number}`, 'Idris Sampleton'), achievement };
    posted.learner.identifiers = [{ type: 'email', value: 'programme@example.org' }];
    const response = await service.post('/v1/completions', posted);
    assert.equal(response.status, 201, await response.clone().text());
    awards = (await response.json()).programmeAwards;
  }
  const [{ credential: certificate }] = awards;
  for (const [width, viewport] of Object.entries(widths)) {
    await visit({ viewport }, async (page) => {
      await page.goto(certificate.page);
      const made = page.locator('h2', { hasText: 'Made up of' }).locator('~ ul').first().locator('a');
      assert.equal(await made.count(), modules.length);
      assert.ok(!(await page.locator('main').innerText()).includes('CPD credit'));
      await fits(page, 'badge-programme', width);
    });
  }
});

test('an empty form says what is missing', async () => {
  await visit({ viewport: widths.phone }, async (page) => {
    await page.goto(`${service.base}/verify`);
    await page.locator('main form button').first().click();
    assert.equal(await page.locator('.nhsuk-error-summary').count(), 1);
    await fits(page, 'verify-empty', 'phone');
  });
});

test('the result page is accessible too', async () => {
  const context = await browser.newContext({ bypassCSP: true, viewport: widths.desk });
  const page = await context.newPage();
  await page.goto(`${service.base}/verify`);
  await page.locator('input[name=url]').fill(badge.url);
  await page.locator('main form button').first().click();
  await page.addScriptTag({ content: axe });
  const { violations } = await page.evaluate(() => globalThis.axe.run());
  await page.screenshot({ path: `${pictures}report-desk.png`, fullPage: true });
  await context.close();
  assert.deepEqual(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`), []);
});

test('the badge travels as files, and the command line checks them', async () => {
  for (const [accept, name] of [['application/vc+ld+json', 'badge.json'], ['application/vc+jwt', 'badge.jwt'],
    ['image/png', 'badge.png'], ['image/svg+xml', 'badge.svg']]) {
    const response = await fetch(badge.url, { headers: { accept } });
    const file = `${pictures}${name}`;
    writeFileSync(file, Buffer.from(await response.arrayBuffer()));
    const { status, stdout, stderr } = service.lanyard('verify', file);
    assert.equal(status, 0, `${name}: ${stdout}${stderr}`);
  }
});

test('revoking turns the page and every later verification within a second', async () => {
  const response = await service.post('/v1/completions', completion('revoked', 'Gwen Exampleworth'));
  const { credential } = await response.json();
  const { pathname } = new URL(credential.url);
  await visit({ viewport: widths.phone }, async (page) => {
    await page.goto(credential.page);
    assert.ok(!/revoked/i.test(await page.locator('main').innerText()));
    const revoked = await service.post(`${pathname}/revoke`, { reason: 'Issued to the wrong person.' });
    assert.equal(revoked.status, 200);
    const begun = performance.now();
    await page.reload();
    assert.ok(/revoked/i.test(await page.locator('main').innerText()));
    await fits(page, 'badge-revoked', 'phone');
    await page.goto(`${service.base}/verify`);
    await page.locator('input[name=url]').fill(credential.url);
    await page.locator('main form button').first().click();
    assert.equal(await page.locator('h1').innerText(), 'Do not rely on this badge');
    assert.ok(performance.now() - begun < 5000, 'three page loads took longer than five seconds');
  });
  const report = await (await fetch(`${service.base}/v1/verify`, {
    method: 'POST', headers: { 'content-type': 'application/json', accept: 'application/json' },
    body: JSON.stringify({ url: credential.url }) })).json();
  assert.equal(report.verdict, 'invalid');
  assert.ok(report.checks.some(({ question, outcome }) => question === 'status' && outcome === 'fail'));
});
