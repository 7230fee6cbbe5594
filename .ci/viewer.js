// SPDX-License-Identifier: Apache-2.0
// Opens a study's report and its picture in OHIF; prints what is drawn as JSON: NODE_PATH=… viewer.js URL SCREENSHOTS
const { chromium } = require('playwright-core');

const [url, screenshots] = process.argv.slice(2);

/** What is drawn over the image: shapes in pixels of the canvas, each with the text beside it. */
function drawn() {
  const layer = document.querySelector('svg.svg-layer');
  const { width, height } = layer.getBoundingClientRect();
  const shapes = [];
  for (const node of layer.children) {
    if (node.tagName === 'polyline') {
      shapes.push({ points: node.getAttribute('points').trim().split(/[\s,]+/).map(Number) });
    } else if (node.tagName === 'rect') {
      const [x, y, w, h] = ['x', 'y', 'width', 'height'].map(name => Number(node.getAttribute(name)));
      const annotation = node.dataset.id.replace(/-rect$/, '');
      shapes.push({ annotation, points: [x, y, x + w, y, x + w, y + h, x, y + h, x, y] });
    } else if (node.tagName === 'g' && shapes.length) {
      shapes[shapes.length - 1].text = [...node.querySelectorAll('tspan')].map(line => line.textContent);
    }
  }
  return { width, height, shapes };
}

(async () => {
  const browser = await chromium.launch({
    executablePath: '/usr/bin/chromium',
    // WebGL in software: without it, OHIF draws no regions on images that state no orientation, as radiographs do.
    args: ['--no-sandbox', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update',
      '--disable-sync', '--use-gl=angle', '--use-angle=swiftshader', '--enable-unsafe-swiftshader', '--ignore-gpu-blocklist'],
  });
  const page = await browser.newPage({ viewport: { width: 1600, height: 1000 } });
  page.setDefaultTimeout(120_000);
  const errors = [];
  page.on('pageerror', error => errors.push(String(error)));
  const open = async title => page.getByText(title).first().dblclick();
  const shot = name => page.screenshot({ path: `${screenshots}-${name}.png` });

  await page.goto(url);
  await page.getByText('Skip all').click();
  const yes = page.getByRole('button', { name: 'Yes', exact: true });
  const region = page.locator('svg.svg-layer polyline').first();
  // On a loaded machine, OHIF sometimes shows the image without its regions until the report is opened again.
  for (let attempt = 1; ; attempt++) {
    await open('Findings (cxr');
    await yes.waitFor();
    try {
      await region.waitFor({ state: 'attached', timeout: 40_000 });
      break;
    } catch (error) {
      if (attempt === 3) throw error;
    }
  }
  const report = await page.evaluate(drawn);
  await shot('report');

  await yes.click();
  await page.waitForFunction(() => {
    const count = document.querySelectorAll('svg.svg-layer rect').length;
    return count && count === window.services.measurementService.getMeasurements().length;
  });
  const tracked = await page.evaluate(drawn);
  const labels = await page.evaluate(() => Object.fromEntries(
    window.services.measurementService.getMeasurements().map(({ uid, label }) => [uid, label])));
  await page.locator('[data-cy="trackedMeasurements-btn"]').click();
  const [first] = Object.values(labels);
  await page.getByText(first, { exact: true }).first().waitFor();
  await shot('tracked');

  await open('Heat map (cxr');
  await page.waitForFunction(() => window.services.cornerstoneViewportService.getRenderingEngine().getViewports()
    .some(viewport => window.services.viewportGridService.getState().viewports.size && viewport.getCurrentImageId?.()
      && window.cornerstone.metaData.get('generalSeriesModule', viewport.getCurrentImageId())?.modality === 'OT'));
  await page.waitForTimeout(3000); // for its pixels
  const picture = await page.evaluate(drawn);
  await shot('picture');
  await browser.close();
  console.log(JSON.stringify({ report, tracked, labels, picture, errors }));
})();
