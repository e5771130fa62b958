using System.Text;
using System.Text.Json;
using Caller.Wire;
using static Caller.Check.CheckLevel;

namespace Caller.Check;

internal static class UsageChecks
{
    // In a shorter text the number of tokens may happen to be the number of characters.
    private const int TellingLength = 20;

    private static readonly string[] Counts = ["prompt_tokens", "completion_tokens", "total_tokens"];

    public static readonly IReadOnlyList<Check> All =
    [
        new("usage.accepted", Required,
            "stream_options.include_usage is a known, optional parameter: a turn that has it is answered.",
            Sources.OpenAiCreate, "Accept stream_options, and ignore it if usage is not counted.",
            seen => seen.Accepts(ProbeNames.Usage)),
        new("usage.sent", Advised,
            "With stream_options.include_usage the stream says how many tokens were used.",
            Sources.OpenAiCreate, "Send a chunk with empty choices and usage before [DONE].",
            seen => seen.OnUsageAnswer(exchange => Verdict.Unless(Of(exchange) is null ? "no usage in the answer" : null, $"{Of(exchange)}"))),
        new("usage.choices-empty", Advised,
            "The usage travels in a chunk of its own with choices [].",
            Sources.OpenAiCreate, "Do not put usage beside a delta.",
            seen => seen.OnUsage(exchange => Verdict.Unless(
                exchange.Chunks.FirstOrDefault(chunk => chunk.Usage is not null && chunk.Choices.Count > 0) is { } chunk ? $"usage beside {chunk.Choice}" : null, "choices []")))
        { Of = platform => !platform.Reading.FinishOnlyLast },
        new("usage.last", Advised,
            "The usage chunk is the last one before [DONE].",
            Sources.OpenAiCreate, "Send usage after the chunk with the finish_reason.",
            seen => seen.OnUsage(exchange => Verdict.Unless(exchange.Chunks.LastOrDefault()?.Usage is null ? "other chunks follow it" : null, "last"))),
        new("usage.not-unasked", Advised,
            "A client that did not ask for usage gets no chunk without a choice: many read choices[0] unseen.",
            Sources.OpenAiCreate, "Send the usage chunk only with stream_options.include_usage.",
            seen => new Observations(seen.Options, seen.Address, [.. seen.Streams.Where(probe => probe.Name is not (ProbeNames.Usage or ProbeNames.UsageLonger))]) { StoppedBecause = seen.StoppedBecause }
                .EachChunk(chunk => chunk.Usage is not null && chunk.Choices.Count == 0 ? chunk.Root.ToString() : null, "none unasked"))
        { Of = platform => !platform.AsksForUsage },
        new("usage.integers", Required,
            "prompt_tokens, completion_tokens and total_tokens are whole numbers, not negative.",
            Sources.OpenAiChunk, "Send all three as JSON numbers.",
            seen => seen.EachUsage(usage => Counts.FirstOrDefault(name => ChunkChecks.Whole(usage.Find(name)) is null or < 0) is { } name
                ? $"{name}: {usage.Find(name)?.GetRawText() ?? "missing"}" : null, "whole numbers")),
        new("usage.total", Advised,
            "total_tokens is prompt_tokens and completion_tokens together.",
            Sources.OpenAiChunk, "Add them up.",
            seen => seen.EachUsage(usage => Number(usage, "prompt_tokens") + Number(usage, "completion_tokens") is { } sum && Number(usage, "total_tokens") is { } total && sum != total
                ? $"{total}, not {sum}" : null, "adds up")),
        new("usage.tokens-not-characters", Required,
            "Usage counts tokens. Characters or bytes are several times as many, and so is a bill that is made of them.",
            Sources.OpenAiChunk, "Take the counts from the model's answer, or count with its tokenizer.",
            seen => seen.OnUsages(answers => Verdict.Unless(
                Characters(answers, "completion_tokens", answer => answer.Text) is { } answer ? $"{answer.Name}: completion_tokens {Number(answer.Usage, "completion_tokens")} is the length of \"{answer.Text}\""
                : Characters(answers, "prompt_tokens", answer => answer.Said) is { } asked ? $"{asked.Name}: prompt_tokens {Number(asked.Usage, "prompt_tokens")} is the length of the messages in characters" : null,
                $"not the number of characters ({answers.Count} answers)"))),
        new("usage.prompt-grows", Advised,
            "A longer conversation has more prompt tokens.",
            Sources.OpenAiChunk, "Count all messages of the request.",
            seen => seen[ProbeNames.Usage] is { } shorter && seen[ProbeNames.UsageLonger] is { } longer
                && Of(shorter) is { } few && Of(longer) is { } many && Number(few, "prompt_tokens") is { } before && Number(many, "prompt_tokens") is { } after
                ? Verdict.Unless(after > before ? null : $"{before} tokens for one record, {after} for six", $"{before}, then {after}")
                : Verdict.NotApplicable("no usage to compare")),
    ];

    private static JsonElement? Of(Exchange exchange) => exchange.Chunks.LastOrDefault(chunk => chunk.Usage is not null)?.Usage;

    private static long? Number(JsonElement usage, string name) => ChunkChecks.Whole(usage.Find(name));

    private static Verdict OnUsageAnswer(this Observations seen, Func<Exchange, Verdict> judge) =>
        seen.On(ProbeNames.Usage, exchange => exchange.IsStream ? judge(exchange) : Verdict.NotApplicable("no streamed answer to judge"));

    private static Verdict OnUsage(this Observations seen, Func<Exchange, Verdict> judge) =>
        seen.OnUsageAnswer(exchange => Of(exchange) is null ? Verdict.NotApplicable("no usage was sent") : judge(exchange));

    private static Verdict EachUsage(this Observations seen, Func<JsonElement, string?> failure, string held) => seen.OnUsages(answers => Verdict.Unless(
        answers.Select(answer => failure(answer.Usage) is { } found ? $"{answer.Name}: {found}" : null).FirstOrDefault(found => found is not null),
        $"{held} ({answers.Count} answers)"));

    // The unstreamed answer counts as well: it is the same code that counts.
    private static Verdict OnUsages(this Observations seen, Func<IReadOnlyList<CountedAnswer>, Verdict> judge)
    {
        var streamed = seen.Whole.Select(probe => (probe.Name, Usage: Of(probe.Exchange), probe.Exchange.Text, probe.Said));
        var single = seen.Named(ProbeNames.Single).Where(probe => probe.Exchange.Status == 200).Select(probe => (
            probe.Name,
            Usage: probe.Exchange.Json?.Find("usage"),
            Text: probe.Exchange.Json?.Find("choices").Items().FirstOrDefault().Find("message")?.FindText("content") ?? "",
            probe.Said));
        List<CountedAnswer> answers = [.. streamed.Concat(single).Where(answer => answer.Usage is { ValueKind: JsonValueKind.Object })
            .Select(answer => new CountedAnswer(answer.Name, answer.Usage!.Value, answer.Text, answer.Said))];
        return answers.Count > 0 ? judge(answers)
            : seen.StoppedBecause is { } why ? Verdict.NotRun(why) : Verdict.NotApplicable("no usage was sent");
    }

    // In some scripts a character is about a token, and one number may equal the other by chance; whoever counts characters does so each time.
    // A streamed answer and one that is not may be counted by different code.
    private static CountedAnswer? Characters(IReadOnlyList<CountedAnswer> answers, string count, Func<CountedAnswer, string> text) => answers
        .Where(answer => text(answer).Length >= TellingLength)
        .GroupBy(answer => answer.Name == ProbeNames.Single)
        .FirstOrDefault(form => form.All(answer => Lengths(text(answer)).Contains(Number(answer.Usage, count))))?.First();

    private static long?[] Lengths(string text) => [text.Length, text.EnumerateRunes().Count(), Encoding.UTF8.GetByteCount(text)];

    private sealed record CountedAnswer(string Name, JsonElement Usage, string Text, string Said);
}
