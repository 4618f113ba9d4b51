// The map of the library inside a page.

// Waits until the map has drawn all that it asked for.
export async function whenIdle(page, timeout) {
  await page.locator('.map[data-state="idle"]').waitFor({ timeout });
}
