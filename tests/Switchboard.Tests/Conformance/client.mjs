// Drives the npm package "openai" against a server and prints what it read, as one JSON object.
// usage: node client.mjs BASE_URL KEY
import OpenAI from "openai";

const [baseURL, apiKey] = process.argv.slice(2);
const client = new OpenAI({ baseURL, apiKey, maxRetries: 0, timeout: 30_000 });
const say = (content) => [{ role: "user", content }];

async function read(stream) {
  const seen = { text: "", finish: null, usage: null, calls: [], ids: new Set() };
  for await (const chunk of stream) {
    seen.ids.add(chunk.id);
    seen.usage = chunk.usage ?? seen.usage;
    for (const choice of chunk.choices) {
      seen.text += choice.delta.content ?? "";
      seen.finish = choice.finish_reason ?? seen.finish;
      for (const call of choice.delta.tool_calls ?? []) {
        seen.calls.push({ index: call.index, name: call.function.name, arguments: JSON.parse(call.function.arguments) });
      }
    }
  }
  return { ...seen, ids: seen.ids.size };
}

const create = (body) => client.chat.completions.create(body);
const result = {
  streamed: await read(await create({ model: "demo", stream: true, messages: say("Hello") })),
  usage: await read(await create({ model: "demo", stream: true, stream_options: { include_usage: true }, messages: say("Hello") })),
  toolCall: await read(await create({ model: "reception", stream: true, messages: say("Goodbye") })),
  whole: await create({ model: "demo", messages: say("Hello") }),
  wholeToolCall: await create({ model: "reception", messages: say("Goodbye") }),
  models: (await client.models.list()).data.map((model) => model.id),
};
const helper = client.chat.completions.stream({ model: "demo", messages: say("Hello") });
result.helper = await helper.finalContent();
try {
  await new OpenAI({ baseURL, apiKey: "wrong", maxRetries: 0 }).chat.completions.create({ model: "demo", messages: say("Hello") });
} catch (error) {
  result.refused = { status: error.status, code: error.code, requestId: error.requestID };
}
console.log(JSON.stringify(result));
