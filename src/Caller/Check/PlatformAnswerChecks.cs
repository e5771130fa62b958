using Caller.Platform;
using Caller.Wire;
using static Caller.Check.CheckLevel;

namespace Caller.Check;

/// <summary>What some platforms demand of an answer.</summary>
internal static class PlatformAnswerChecks
{
    private const string NoCalls = "the server called no tool in this run (try --hangup-text)";

    public static readonly IReadOnlyList<Check> All =
    [
        new("platform.tool-offered", Required,
            "A tool that is called is one that the request offers; another is an error on the platform.",
            Sources.OpenAiTools, "Take the names from the request's tools, not from the documentation.",
            seen => seen.EachCall((call, tools) => tools.Any(tool => tool.Name == call.Name) ? null : $"{call.Name}, and offered were {string.Join(", ", tools.Select(tool => tool.Name))}", "offered"))
        { Of = platform => platform.Tools is not null },
        new("platform.tool-arguments", Required,
            "The arguments of a call fit the schema in the request: the required ones are there, in their types, and none that it does not know.",
            Sources.OpenAiTools, "Write the arguments by the schema of the request.",
            seen => seen.EachCall((call, tools) => tools.FirstOrDefault(tool => tool.Name == call.Name)?.Refuses(call.Arguments) is { } refused ? $"{call.Name}: {refused}" : null, "they fit"))
        { Of = platform => platform.Tools is not null },
        new("platform.one-call-a-chunk", Required,
            "A chunk holds one tool call and no finish_reason beside it: of several calls Pipecat reads the first, and LiveKit loses what stands behind the second.",
            Sources.Pipecat, "Send each call in a chunk of its own, and the finish_reason in another.",
            seen => seen.EachHeard(heard => heard.Lost.FirstOrDefault(what => what.Contains(AnswerReader.InOneChunk, StringComparison.Ordinal)), "none lost"))
        { Of = platform => platform.Reading.Calls is CallReading.FirstOfChunk or CallReading.OneAtATime },
        new("platform.call-index", Required,
            "The index of the first call is 0, and each next one is one more; the client counts on it.",
            Sources.Pipecat, "Count the calls of an answer from 0.",
            seen => seen.EachStream(Miscounted, "counted from 0"))
        { Of = platform => platform.Reading.Calls is CallReading.FirstOfChunk or CallReading.IndexZero },
        new("platform.one-call", Required,
            "An answer makes one call: the client runs that of index 0 and no other.",
            Sources.OpenAiTools, "Make one call an answer (the request says parallel_tool_calls: false); the next one follows its result.",
            seen => seen.EachStream(exchange => AnnouncedCall.In(exchange).Count is var count and > 1 ? $"{count} calls" : null, "one at most"))
        { Of = platform => platform.Reading.Calls is CallReading.IndexZero },
        new("platform.call-finish", Required,
            "A call is made only when its finish_reason comes: tool_calls, and for LiveKit and Cartesia stop as well. Without it the call is logged and nothing happens.",
            Sources.OpenAiTools, "End an answer that calls a tool with finish_reason tool_calls.",
            seen => seen.EachStream(
                exchange => AnnouncedCall.In(exchange).Count > 0 && !exchange.Chunks.Any(chunk => seen.Options.Platform.Reading.CallsNeed!.Contains(chunk.FinishReason)) ? "no such finish_reason" : null,
                "it came"))
        { Of = platform => platform.Reading.CallsNeed is not null },
        new("platform.legacy-call", Required,
            "Offered functions are called as delta.function_call; tool_calls are not read.",
            Sources.OpenAiChunk, "Answer functions with function_call and finish_reason function_call.",
            seen => seen.EachChunk(chunk => chunk.ToolCalls.Count > 0 ? "tool_calls" : null, "no tool_calls"))
        { Of = platform => platform.Legacy },
        new("platform.hang-up", Required,
            "What was given as --hangup-text makes the server call the platform's tool that ends the call.",
            Sources.OpenAiTools, "Call the tool of that name which the request offers.",
            seen => seen.Options.HangUpText is null ? Verdict.NotApplicable("no --hangup-text given") : seen.HangsUp(ProbeNames.HangUpText))
        { Of = platform => platform.EndTool is not null },
        new("platform.hang-up-asked", Advised,
            "Asked to hang up, the server calls the platform's tool that ends the call.",
            Sources.OpenAiTools, "Tell the model of the tool, or map your own action to it.",
            seen => seen.HangsUp(ProbeNames.Goodbye))
        { Of = platform => platform.EndTool is not null },
        new("platform.finish-last", Required,
            "finish_reason stands in the last chunk alone; in each other it is missing, null or empty. Else nothing of the answer is spoken.",
            Sources.OpenAiChunk, "Send the finish_reason in a last chunk of its own, and no chunk after it but [DONE].",
            seen => seen.EachHeard(heard => heard.Failure?.StartsWith(AnswerReader.EarlyFinish, StringComparison.Ordinal) == true ? heard.Failure : null, "in the last chunk"))
        { Of = platform => platform.Reading.FinishOnlyLast },
        new("platform.data-blank", Required,
            "Each line of data begins with \"data: \", the blank included.",
            Sources.EventStream, "Write a blank after data:.",
            seen => seen.EachHeard(heard => heard.Failure?.StartsWith(AnswerReader.NoBlank, StringComparison.Ordinal) == true ? heard.Failure : null, "a blank in each"))
        { Of = platform => platform.Reading.BlankAfterData },
        new("platform.size", Required,
            "An answer has 256 KiB at most, its framing counted.",
            Sources.HttpFraming, "Bound the length of answers, and join small pieces.",
            seen => seen.EachStream(exchange => exchange.Body.Length > seen.Options.Platform.Reading.MaxBytes ? $"{exchange.Body.Length} bytes" : null, "smaller"))
        { Of = platform => platform.Reading.MaxBytes is not null },
        new("platform.not-empty", Required,
            "Every answer holds text or a tool call: an empty one counts as failed, and the turn is sent again.",
            Sources.ElevenLabs, "Say something, or call the tool that skips the turn.",
            seen => seen.EachHeard(heard => heard.IsEmpty ? "empty" : null, "something in each"))
        { Of = platform => platform.Reading.EmptyFails },
        new("platform.metadata-first", Required,
            "Metadata that steers the engine counts only in the first chunk, before any text.",
            Sources.OpenAiChunk, "Send it first, or not at all.",
            seen => seen.EachHeard(heard => heard.Lost.FirstOrDefault(what => what == AnswerReader.LateMetadata), "first or none"))
        { Of = platform => platform.Reading.AsideFirst },
        new("platform.meta-info", Advised,
            "A chunk of type meta.info, which is handed to the app, has an id, created and an object metainfo.",
            Sources.OpenAiChunk, "Send all three.",
            seen => seen.EachStream(
                exchange => (exchange.WithAsides ?? []).Except(exchange.Frames).Select(frame => frame.Chunk!.Root)
                    .Where(root => root.FindText("id") is not { Length: > 0 } || ChunkChecks.Whole(root.Find("created")) is null || root.Find("metainfo") is not { ValueKind: System.Text.Json.JsonValueKind.Object })
                    .Select(root => root.ToString()).FirstOrDefault(),
                "whole, or none sent"))
        { Of = platform => platform.Reading.Aside is not null && !platform.Reading.AsideFirst },
        new("platform.in-time", Required,
            "The first text or tool call comes before the platform gives up waiting, except after a cold start (vapi 20 s, livekit, trtc, volcengine and fishaudio 10 s, elevenlabs 4 s by default).",
            Sources.OpenAiCreate, "Bound the time to first speech, say a filler, or raise the platform's limit.",
            seen => new Observations(seen.Options, seen.Address, seen.Streams.Count > 1 ? [.. seen.Streams.Skip(1)] : seen.Streams) { StoppedBecause = seen.StoppedBecause }
                .EachStream(exchange => FirstOutput(exchange) is var first && first > seen.Options.Platform.Patience!.Value ? $"after {Judging.Seconds(first)}" : null, "in time"))
        { Of = platform => platform.Patience is not null },
    ];

    private static TimeSpan FirstOutput(Exchange exchange) =>
        exchange.Frames.FirstOrDefault(frame => frame.Chunk is { } chunk && (chunk.Content is { Length: > 0 } || chunk.ToolCalls.Count > 0 || chunk.FinishReason is not null))?.At ?? exchange.EndedAfter;

    private static string? Miscounted(Exchange exchange)
    {
        var indexes = AnnouncedCall.In(exchange).Select(call => call.Index).Distinct().ToList();
        return indexes.Count > 0 && !indexes.SequenceEqual(Enumerable.Range(0, indexes.Count).Select(index => (int?)index))
            ? $"index {string.Join(", ", indexes.Select(index => index?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "none"))}" : null;
    }

    private static Verdict HangsUp(this Observations seen, string probe) => seen.On(probe, exchange => !exchange.IsStream || Observations.HasError(exchange)
        ? Verdict.NotApplicable("no streamed answer to judge")
        : Verdict.Unless(
            AnswerReader.Read(seen.Options.Platform, exchange) is var heard && heard.Calls.Any(call => call.Name == seen.Options.Platform.EndTool)
                ? null : $"{seen.Options.Platform.EndTool} is not called; answered \"{heard.Text}\"{string.Concat(heard.Calls.Select(call => $", {call.Name}"))}",
            "hung up"));

    // A platform that never asks for usage gets no chunk with it either.
    private static Verdict EachHeard(this Observations seen, Func<HeardAnswer, string?> failure, string held) =>
        new Observations(seen.Options, seen.Address, [.. seen.Streams.Where(probe => seen.Options.Platform.AsksForUsage || probe.Name is not (ProbeNames.Usage or ProbeNames.UsageLonger))]) { StoppedBecause = seen.StoppedBecause }
            .EachStream(exchange => failure(AnswerReader.Read(seen.Options.Platform, exchange)), held);

    // A request of ours that offers a tool of its own is the same for all platforms, and its answers are judged elsewhere.
    private static Verdict EachCall(this Observations seen, Func<ToolUse, IReadOnlyList<OfferedTool>, string?> failure, string held)
    {
        var platform = seen.Options.Platform;
        var tools = OfferedTool.In(TurnRequest.Create(platform, new CallFacts(seen.Options.Model, "check"), new TurnFacts(1, 0, default), []).Body);
        var calls = seen.Heard.Where(answer => answer.Probe.Name != ProbeNames.NoExtendData).SelectMany(answer => answer.Heard.Calls.Where(call => call.Name.Length > 0).Select(call => (answer.Probe.Name, Call: call))).ToList();
        return calls.Count == 0 ? seen.StoppedBecause is { } why ? Verdict.NotRun(why) : Verdict.NotApplicable(NoCalls)
            : Verdict.Unless(calls.Select(call => failure(call.Call, tools) is { } found ? $"{call.Name}: {found}" : null).FirstOrDefault(found => found is not null), $"{held} ({calls.Count} calls)");
    }
}
