// A chapter of the handbook as steps that a browser can take: fixed words, and names as they stand on the screen.

/** Each kind of step: how it is worded, and what is done. `desk` is where it is done, `at` holds the words. */
const KINDS = [
  [/^Open the server's address\.$/, (desk) => desk.page.goto("/")],
  [/^Type the set-up code into \*\*(.+)\*\*\.$/, (desk, [name]) => type(desk, name, desk.code)],
  [/^(?:They type|Type) a password into \*\*(.+)\*\*\.$/, (desk, [name]) => type(desk, name, desk.password)],
  [
    /^Type the code of your authenticator app into \*\*(.+)\*\*\.$/,
    async (desk, [name]) => type(desk, name, await desk.factor(desk.page)),
  ],
  [/^(?:They type|Type) `(.+)` into \*\*(.+)\*\*\.$/, (desk, [text, name]) => type(desk, name, text)],
  [/^(?:They p|P)ress \*\*(.+)\*\*\.$/, (desk, [name]) => press(desk, name)],
  [/^(?:They c|C)hoose `(.+)` in \*\*(.+)\*\*\.$/, (desk, [option, name]) => choose(desk, name, option)],
  [/^(?:They t|T)ick \*\*(.+)\*\*\.$/, async (desk, [name]) => (await field(desk, name)).check()],
  [/^Choose the file `(.+)` at \*\*(.+)\*\*\.$/, (desk, [file, name]) => upload(desk, name, file)],
  [/^(?:They|You) see \*\*(.+)\*\*\.$/, (desk, [text]) => one(desk, text, false)],
  [/^(?:They|You) see `(.+)`\.$/, (desk, [text]) => one(desk, text, true)],
  [/^(?:They|You) do not see `(.+)`\.$/, (desk, [text]) => none(desk, text)],
  [/^Press \*\*(.+)\*\*, and send it to your colleague\.$/, send],
  [/^Your colleague opens the link\.$/, follow],
];
const PATIENCE = 15_000;

/** The numbered steps of a text, each with its line, and the files it says to keep. */
export function read(text) {
  const steps = [];
  const lines = text.split("\n");
  let fence = false;
  lines.forEach((line, at) => {
    if (line.startsWith("```")) fence = !fence;
    const step = line.match(/^\d+\. (.*)$/);
    if (step && !fence) steps.push({ line: at + 1, text: step[1] });
    else if (!fence && steps.at(-1)?.end === at && line.startsWith("   ")) steps.at(-1).text += ` ${line.trim()}`;
    else return;
    steps.at(-1).end = at + 1;
  });
  const files = [...text.matchAll(/Keep this as `([^`]+)`:\n\n```\w*\n([\s\S]*?)```/g)];
  return { steps, files: Object.fromEntries(files.map(([, name, content]) => [name, content])) };
}

/** What is to be done at a step; a step in other words is a failure that names its line. */
export function understood({ line, text }) {
  for (const [worded, act] of KINDS) {
    const words = text.match(worded);
    if (words) return (desk) => act(desk, words.slice(1));
  }
  throw new Error(`line ${line}: nobody knows how to do “${text}”`);
}

/** Does all of them, in order. */
export async function take(desk, steps) {
  const acts = steps.map((step) => [step, understood(step)]);
  for (const [step, act] of acts) {
    try {
      await act(desk);
      await still(desk.page);
    } catch (error) {
      throw new Error(`line ${step.line}: “${step.text}”: ${error.message}\nat ${desk.page.url()}`, { cause: error });
    }
  }
}

/** The page has come, and nothing of it is on its way. */
async function still(page) {
  await page.waitForLoadState();
  await page.waitForFunction(() => !document.querySelector(".htmx-request, .htmx-swapping, .htmx-settling"));
}

function escaped(name) {
  return name.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}

/** The one thing that is seen and called so: in a box that is open, or on the page, or around it. */
async function found(desk, called, ways) {
  const places = ["dialog[open]", "main", "body"];
  const until = Date.now() + PATIENCE;
  for (;;) {
    for (const place of places) {
      const all = [];
      for (const way of ways) all.push(...(await way(desk.page.locator(place)).filter({ visible: true }).all()));
      if (all.length === 1) return all[0];
      if (all.length > 1) throw new Error(`${all.length} things are called “${called}”`);
    }
    if (Date.now() > until) throw new Error(`there is no “${called}”`);
    await new Promise((go) => setTimeout(go, 100));
  }
}

function field(desk, name) {
  const label = new RegExp(`^${escaped(name)}( optional)?$`);
  return found(desk, name, [(place) => place.getByLabel(label)]);
}

async function type(desk, name, text) {
  await (await field(desk, name)).fill(text);
}

async function choose(desk, name, option) {
  await (await field(desk, name)).selectOption({ label: option });
}

async function upload(desk, name, file) {
  const buffer = Buffer.from(desk.files[file] ?? "");
  if (buffer.length === 0) throw new Error(`the text says nowhere to keep ${file}`);
  const input = desk.page.getByLabel(name, { exact: true });
  await input.setInputFiles({ name: file, mimeType: "text/csv", buffer });
}

async function press(desk, name) {
  const called = { name, exact: true };
  const control = await found(desk, name, [
    (place) => place.getByRole("button", called),
    (place) => place.getByRole("link", called),
    (place) => place.locator("summary").filter({ hasText: new RegExp(`^\\s*${escaped(name)}\\s*$`) }),
  ]);
  await control.click();
}

/** Text that is to be seen: all of an element's, or in backticks also a part of what people typed. */
async function one(desk, text, isPart) {
  const seen = desk.page.locator("body").getByText(text, { exact: !isPart }).filter({ visible: true });
  await seen.first().waitFor({ timeout: PATIENCE });
}

async function none(desk, text) {
  const seen = desk.page.locator("body").getByText(text).filter({ visible: true });
  const until = Date.now() + PATIENCE;
  while ((await seen.count()) > 0) {
    if (Date.now() > until) throw new Error(`“${text}” is there`);
    await new Promise((go) => setTimeout(go, 100));
  }
}

async function send(desk, [name]) {
  await press(desk, name);
  // It says so when the browser has taken it.
  await one(desk, "Copied", false);
  desk.link = await desk.page.evaluate(() => navigator.clipboard.readText());
}

async function follow(desk) {
  if (!desk.link) throw new Error("no link was sent");
  desk.page = await desk.colleague();
  await desk.page.goto(desk.link);
}
