using System.Text.Json;
using Caller.Wire;
using static Caller.Check.CheckLevel;

namespace Caller.Check;

internal static class ChunkChecks
{
    // 2014 to 2100: outside of it the number is not seconds.
    private const long EarliestSecond = 1_400_000_000;
    private const long LatestSecond = 4_102_444_800;

    private static readonly string[] FinishReasons = ["stop", "length", "tool_calls", "content_filter", "function_call"];

    public static readonly IReadOnlyList<Check> All =
    [
        new("chunk.object", Required,
            "object is exactly \"chat.completion.chunk\" on every chunk.",
            Sources.OpenAiChunk, "Write the constant; \"chat.completion\" is only for answers that are not streamed.",
            seen => seen.EachChunk(chunk => chunk.Root.FindText("object") == "chat.completion.chunk" ? null : $"object: {Show(chunk, "object")}", "chat.completion.chunk")),
        new("chunk.id", Required,
            "id is a non-empty string on every chunk.",
            Sources.OpenAiChunk, "Make one id per answer, for instance chatcmpl- and random letters.",
            seen => seen.EachChunk(chunk => chunk.Root.FindText("id") is { Length: > 0 } ? null : $"id: {Show(chunk, "id")}", "an id on every chunk")),
        new("chunk.id-constant", Required,
            "All chunks of an answer have the same id.",
            Sources.OpenAiChunk, "Make the id once per answer, not once per chunk.",
            seen => seen.EachStream(exchange => Varies(exchange, "id"), "one id per answer")),
        new("chunk.id-unique", Advised,
            "Each answer has an id of its own.",
            Sources.OpenAiChunk, "Do not use a constant id: logs and platforms tell answers apart by it.",
            seen => seen.Streams.Count < 2 ? seen.EachStream(_ => null, "one answer only") : Verdict.Unless(
                seen.Streams.Select(probe => Judging.Answering(probe.Exchange).FirstOrDefault()?.Root.FindText("id")).Where(id => id is { Length: > 0 })
                    .GroupBy(id => id).FirstOrDefault(group => group.Count() > 1) is { } repeated ? $"{repeated.Count()} answers with id {repeated.Key}" : null,
                $"{seen.Streams.Count} answers, no id twice")),
        new("chunk.created", Required,
            "created is a whole number on every chunk.",
            Sources.OpenAiChunk, "Write Unix seconds as a JSON number, not as text and not with a fraction.",
            seen => seen.EachChunk(chunk => Whole(chunk.Root.Find("created")) is null ? $"created: {Show(chunk, "created")}" : null, "a whole number")),
        new("chunk.created-constant", Required,
            "All chunks of an answer have the same created.",
            Sources.OpenAiChunk, "Take the time once per answer.",
            seen => seen.EachStream(exchange => Varies(exchange, "created"), "one created per answer")),
        new("chunk.created-seconds", Advised,
            "created is the Unix time in seconds.",
            Sources.OpenAiChunk, "Divide milliseconds by 1000.",
            seen => seen.EachChunk(
                chunk => Whole(chunk.Root.Find("created")) is { } created and (< EarliestSecond or > LatestSecond) ? $"created: {created}" : null,
                "seconds")),
        new("chunk.model", Required,
            "model is a non-empty string on every chunk.",
            Sources.OpenAiChunk, "Write the model's name on every chunk.",
            seen => seen.EachChunk(chunk => chunk.Root.FindText("model") is { Length: > 0 } ? null : $"model: {Show(chunk, "model")}", "a model on every chunk")),
        new("chunk.model-echo", Advised,
            "model names the model that was asked for.",
            Sources.OpenAiChunk, "Send back the model id of the request (a longer, dated name of the same model is common and fine).",
            seen => seen.EachChunk(
                chunk => chunk.Root.FindText("model") is { Length: > 0 } model && !model.Contains(seen.Options.Model, StringComparison.OrdinalIgnoreCase) ? $"model: {model}" : null,
                "the model asked for"))
        { Of = platform => platform.HasPlaceFor("model") },
        new("chunk.choices", Required,
            "choices is an array on every chunk, with one element, or none in a chunk that carries only usage.",
            Sources.OpenAiChunk, "Send choices on every chunk; one choice unless n was asked for.",
            seen => seen.EachChunk(
                chunk => chunk.Root.Find("choices") is not { ValueKind: JsonValueKind.Array } ? $"choices: {Show(chunk, "choices")}"
                    : chunk.Choices.Count > 1 ? $"{chunk.Choices.Count} choices" : null,
                "one choice")),
        new("chunk.index", Required,
            "The choice has index 0.",
            Sources.OpenAiChunk, "Write \"index\": 0 in the choice.",
            seen => seen.EachChunk(
                chunk => chunk.Choice is { } choice && Whole(choice.Find("index")) is not 0 ? $"index: {choice.Find("index")?.ToString() ?? "missing"}" : null,
                "index 0")),
        new("chunk.delta", Required,
            "The choice holds a delta object (message is only for answers that are not streamed).",
            Sources.OpenAiChunk, "Send what is new in delta.",
            seen => seen.EachChunk(chunk => chunk.Choice is { } choice && chunk.Delta is null ? $"choice without delta: {choice}" : null, "a delta")),
        new("chunk.content", Required,
            "delta.content, where present, is a string or null.",
            Sources.OpenAiChunk, "Send text as a JSON string, not as an array of parts or an object.",
            seen => seen.EachChunk(
                chunk => chunk.Delta?.Find("content") is { ValueKind: not (JsonValueKind.String or JsonValueKind.Null) } content ? $"content: {content}" : null,
                "strings")),
        new("chunk.finish-reason", Required,
            "finish_reason is null, stop, length, tool_calls or content_filter.",
            Sources.OpenAiChunk, "Map the model's own reasons to these.",
            seen => seen.EachChunk(
                chunk => chunk.Choice?.Find("finish_reason") is { ValueKind: not JsonValueKind.Null } reason
                    && !(reason.ValueKind == JsonValueKind.String && FinishReasons.Contains(reason.GetString())) ? $"finish_reason: {reason.GetRawText()}" : null,
                "known reasons")),
        new("chunk.finish-reason-present", Advised,
            "finish_reason is written on every choice, as null until the end.",
            Sources.OpenAiChunk, "Write \"finish_reason\": null; strict clients want the field.",
            seen => seen.EachChunk(chunk => chunk.Choice is { } choice && choice.Find("finish_reason") is null ? "a choice without finish_reason" : null, "always written"))
        { Of = platform => !platform.Reading.FinishOnlyLast },
    ];

    internal static long? Whole(JsonElement? element) =>
        element is { ValueKind: JsonValueKind.Number } number && number.TryGetInt64(out var value) ? value : null;

    private static string Show(Chunk chunk, string name) => chunk.Root.Find(name)?.GetRawText() ?? "missing";

    private static string? Varies(Exchange exchange, string name)
    {
        var values = Judging.Answering(exchange).Select(chunk => chunk.Root.Find(name)?.GetRawText())
            .Where(value => value is not null).Distinct().Take(2).ToList();
        return values.Count > 1 ? $"{name} {values[0]}, then {values[1]}" : null;
    }
}
