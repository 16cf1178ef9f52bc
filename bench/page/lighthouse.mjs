// Lighthouse's scores of a page; null where it does not run.
import { launch } from 'chrome-launcher';
import lighthouse from 'lighthouse';

const CATEGORIES = ['performance', 'accessibility', 'best-practices', 'seo'];

/** Performance, accessibility, best practices and search, 0 to 100, median of at most three. */
export async function lighthouseScores(url, runs) {
  const all = [];
  for (let i = 0; i < Math.min(runs, 3); i++) {
    const chrome = await launch({ chromePath: process.env.CHROMIUM ?? '/usr/bin/chromium', chromeFlags: ['--headless', '--no-sandbox', '--disable-gpu'], logLevel: 'silent' });
    try {
      const { lhr } = await lighthouse(`${url}/`, { port: chrome.port, onlyCategories: CATEGORIES, logLevel: 'silent' });
      all.push({
        ...Object.fromEntries(CATEGORIES.map((name) => [name, Math.round(lhr.categories[name].score * 100)])),
        blockedMs: lhr.audits['total-blocking-time'].numericValue,
        shift: lhr.audits['cumulative-layout-shift'].numericValue,
      });
    } finally {
      chrome.kill();
    }
  }
  all.sort((a, b) => a.performance - b.performance);
  return all[all.length >> 1];
}
