import type { Locator, Page } from 'playwright-core';
import { accessibilityFaults, screenshot } from '../support/browser';

/** Chooses in a select by its accessible name; `typed` is what a person types to find it. */
export async function choose(page: Page, name: string, option: string, typed?: string): Promise<void> {
  // A required field's label begins with an asterisk.
  const field = page.getByRole('combobox', { name: new RegExp(`^(\\* ?)?${name}$`) });
  await field.click();
  if (typed !== undefined) await field.fill(typed);
  await page.locator('.ant-select-dropdown:visible .ant-select-item-option', { hasText: option }).first().click();
}

/** Chooses in a filter of a list, and waits until no row of the former filter stands there any more. */
export async function filterBy(page: Page, name: string, option: string): Promise<void> {
  await choose(page, name, option);
  await page.locator('.list-tools .ant-select', { hasText: option }).waitFor();
  await page.locator('.ant-table-wrapper .ant-spin-spinning').waitFor({ state: 'detached' });
}

/** Pastes text as from a spreadsheet while the cursor is in `field`. */
export async function paste(field: Locator, text: string): Promise<void> {
  await field.focus();
  await field.evaluate((element, pasted) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData('text/plain', pasted);
    element.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
  }, text);
}

/** The row of a table that holds this text. */
export function rowWith(page: Page, text: string): Locator {
  return page.locator('tr.ant-table-row', { hasText: text });
}

/**
 * Waits for a short message at the top of the window, other than those waited for before: they stand there for some seconds,
 * and would pass for the answer to what was done since.
 */
export async function toast(page: Page, text: string | RegExp): Promise<void> {
  const notice = page.locator('.ant-message-notice:not([data-seen])').filter({ hasText: text }).first();
  await notice.evaluate((element) => element.setAttribute('data-seen', ''));
}

/** What is wrong with how a page stands there: accessibility, and wider than the window at the widths that people have. */
export async function faultsOf(page: Page, picture: string): Promise<string[]> {
  const faults = await accessibilityFaults(page);
  for (const width of [1280, 1920]) {
    await page.setViewportSize({ width, height: 900 });
    const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    if (over > 0) faults.push(`${picture}: ${over} px wider than a window of ${width}`);
    await screenshot(page, `${picture}-${width}`);
  }
  return faults;
}
