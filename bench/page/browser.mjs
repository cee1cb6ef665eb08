// Chromium with fake devices and without traffic of its own. Playwright comes
// from end2end/node_modules.

import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const require = createRequire(join(here, "../../end2end/package.json"));
/** @type {typeof import("@playwright/test")} */
const { chromium } = require("@playwright/test");

/**
 * Starts a browser.
 * @param {string} [devices] what its fake devices are
 */
export function launch(devices) {
  const camera = "--use-fake-device-for-media-stream";
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
      "--no-first-run",
      // processes that draw suggestions of an address bar that nobody sees
      "--disable-features=WebUIOmniboxPopup,WebUIOmniboxAimPopup",
      devices ? `${camera}=${devices}` : camera,
      "--use-fake-ui-for-media-stream",
      "--autoplay-policy=no-user-gesture-required",
    ],
  });
}
