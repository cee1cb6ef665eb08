// How the end-to-end tests run: Debian's Chromium with fake devices, one
// worker, so that a machine with two cores keeps up with the video.
import { defineConfig } from '@playwright/test';
import { chromium } from './fixtures/browser.ts';

export default defineConfig({
  testDir: 'tests',
  outputDir: 'test-results',
  globalSetup: './fixtures/global-setup.ts',
  timeout: 45_000,
  expect: { timeout: 10_000 },
  fullyParallel: false,
  forbidOnly: Boolean(process.env.CI),
  retries: 0,
  workers: 1,
  reporter: [['list', { printSteps: false }]],
  use: {
    launchOptions: chromium(),
    actionTimeout: 10_000,
    navigationTimeout: 15_000,
    screenshot: 'only-on-failure',
  },
});
