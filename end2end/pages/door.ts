// The screens before the door of a room, and those that turn away.
import type { Locator, Page } from '@playwright/test';

export class Door {
  /** A moderator has to let the person in. */
  readonly waiting: Locator;
  /** The room is private. */
  readonly pin: Locator;
  readonly digits: Locator;
  readonly enter: Locator;
  /** The event has not started. */
  readonly early: Locator;
  readonly leave: Locator;
  readonly tryAgain: Locator;
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
    this.waiting = this.screen('Please wait for confirmation');
    this.pin = this.screen('This room is private');
    this.digits = page.getByRole('textbox', { name: 'PIN' });
    this.enter = page.getByRole('button', { name: 'Enter', exact: true });
    this.early = this.screen('The event has not started yet');
    this.leave = page.getByRole('button', { name: 'Leave', exact: true });
    this.tryAgain = page.getByRole('button', { name: 'Try again' });
  }

  /** A screen, by its heading. */
  screen(title: string): Locator {
    return this.#page.getByRole('heading', { level: 1, name: title });
  }
}
