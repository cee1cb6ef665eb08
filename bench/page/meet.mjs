// People in a meeting, for as long as somebody wants them.
//
//   node meet.mjs <url of the server> <room> <people>
//
// Says "ready" when all of them are in, and ends when its input does.

import { launch } from "./browser.mjs";

const [base, room, people] = [process.argv[2], process.argv[3], Number(process.argv[4])];

const browser = await launch("fps=30");

try {
  for (let i = 0; i < people; i++) await enter(`Person ${i + 1}`);
  console.log("ready");
  for await (const _ of process.stdin);
} finally {
  await browser.close();
}

/** @param {string} name */
async function enter(name) {
  // small, so that what they see costs little: the recorder is measured
  const context = await browser.newContext({
    viewport: { width: 320, height: 240 },
    permissions: ["camera", "microphone"],
    locale: "en-US",
  });
  const page = await context.newPage();
  await page.goto(`${base}/call/?roomId=${room}`);
  await page.locator("body[data-hydrated]").waitFor({ state: "attached" });
  await page.getByRole("textbox", { name: "Your name" }).fill(name);
  await page.getByRole("button", { name: "Join", exact: true }).click();
  await page.locator(".stage").waitFor();
}
