// Measures the page in Chromium: bytes and hydration of a first visit, and the
// time from the click on Join to the first picture of somebody else.
//
//   node measure.mjs <url of the server> <visits> <joins>
//
// Prints one JSON document.

import { fileURLToPath } from "node:url";
import { launch } from "./browser.mjs";

const PROBE = fileURLToPath(new URL("probe.js", import.meta.url));

const [base, visits, joins] = [process.argv[2], Number(process.argv[3]), Number(process.argv[4])];

const browser = await launch();

try {
  const visit = await firstVisit();
  /** @type {number[]} */
  const hydrations = [];
  for (let i = 0; i < visits; i++) hydrations.push(await hydration());
  const times = joins > 0 ? await joinTimes(joins) : [];
  console.log(JSON.stringify({ visit, hydrations, joins: times }));
} finally {
  await browser.close();
}

/** A page in a context of its own: nothing cached, nothing stored. */
async function freshPage() {
  const context = await browser.newContext({
    viewport: { width: 1280, height: 720 },
    permissions: ["camera", "microphone"],
    locale: "en-US",
  });
  await context.addInitScript({ path: PROBE });
  return context.newPage();
}

/**
 * Waits until something has happened. No `waitForFunction`: the page's content
 * security policy forbids what it does.
 * @param {import("@playwright/test").Page} page @param {string} moment
 */
function until(page, moment) {
  const late = new Promise((_resolve, reject) => {
    setTimeout(() => reject(new Error(`nothing of "${moment}" in 20 s`)), 20_000).unref();
  });
  return Promise.race([page.evaluate((name) => window.probe.when(name), moment), late]);
}

/** @param {import("@playwright/test").Page} page @param {string} room */
async function open(page, room) {
  await page.goto(`${base}/call/?roomId=${room}`);
  await until(page, "hydrated");
}

/** What goes over the wire at a first visit, until the network is idle. */
async function firstVisit() {
  const page = await freshPage();
  const session = await page.context().newCDPSession(page);
  const requests = new Map();
  session.on("Network.responseReceived", ({ requestId, response }) => {
    const { pathname } = new URL(response.url);
    const encoding = response.headers["content-encoding"] ?? "identity";
    requests.set(requestId, { path: pathname, status: response.status, encoding, bytes: 0, raw: 0 });
  });
  session.on("Network.dataReceived", ({ requestId, dataLength }) => {
    const request = requests.get(requestId);
    if (request) request.raw += dataLength;
  });
  session.on("Network.loadingFinished", ({ requestId, encodedDataLength }) => {
    const request = requests.get(requestId);
    if (request) request.bytes = encodedDataLength;
  });
  await session.send("Network.enable");
  await open(page, "bench-visit");
  await page.waitForLoadState("networkidle");
  await page.context().close();
  return [...requests.values()];
}

/** Milliseconds from the start of the navigation to the hydrated page. */
async function hydration() {
  const page = await freshPage();
  await open(page, "bench-visit");
  const at = await page.evaluate(() => window.probe.moments.hydrated);
  await page.context().close();
  return at;
}

/**
 * One participant sends; others come one after another and leave again.
 * @param {number} count
 */
async function joinTimes(count) {
  const sender = await freshPage();
  await enter(sender);
  // all layers are sent by then; nothing in the page tells
  await sender.waitForTimeout(2000);
  const times = [];
  for (let i = 0; i < count; i++) {
    const viewer = await freshPage();
    times.push(await enter(viewer, true));
    await viewer.context().close();
  }
  await sender.context().close();
  return times;
}

/**
 * Joins as soon as the own picture shows; the moments since the click.
 * @param {import("@playwright/test").Page} page
 */
async function enter(page, waitForPicture = false) {
  await open(page, "bench-join");
  await until(page, "preview");
  await page.getByRole("button", { name: "Join", exact: true }).click();
  await until(page, waitForPicture ? "frame" : "connected");
  const moments = await page.evaluate(() => window.probe.moments);
  const after = Object.entries(moments).filter(([, at]) => at > moments.click);
  return Object.fromEntries(after.map(([name, at]) => [name, at - moments.click]));
}
