using System.Text.Json;
using Caller.Platform;
using Caller.Wire;
using static Caller.Check.CheckLevel;

namespace Caller.Check;

internal static class ToolChecks
{
    private const string NoCalls = "the server called no tool in this run (try --hangup-text)";

    public static readonly IReadOnlyList<Check> All =
    [
        new("tools.index", Required,
            "Every entry of delta.tool_calls has an index, which says what call its fragments belong to.",
            Sources.OpenAiChunk, "Write \"index\": 0 for the first call of an answer, 1 for the second.",
            seen => seen.EachPiece(piece => piece.Index is null ? $"no index: {piece.Root}" : null, "an index on each")),
        new("tools.id", Required,
            "The entry that announces a call has a non-empty id.",
            Sources.OpenAiChunk, "Make an id per call, for instance call_ and random letters.",
            seen => seen.EachPiece(piece => piece.Name is { Length: > 0 } && piece.Id is not { Length: > 0 } ? $"no id: {piece.Root}" : null, "an id on each call")),
        new("tools.id-stable", Required,
            "Fragments of one call do not change its id.",
            Sources.OpenAiChunk, "Send the id once, with the name, and leave it out of later fragments.",
            seen => seen.EachAnswer(
                exchange => exchange.Chunks.SelectMany(chunk => chunk.ToolCalls).Where(piece => piece is { Index: not null, Id.Length: > 0 })
                    .GroupBy(piece => piece.Index).Select(group => group.Select(piece => piece.Id).Distinct().ToList())
                    .FirstOrDefault(ids => ids.Count > 1) is { } ids ? $"ids {string.Join(", ", ids)} for one index" : null,
                "one id per call")),
        new("tools.type", Required,
            "The entry that announces a call has type \"function\".",
            Sources.OpenAiChunk, "Write \"type\": \"function\" beside the id.",
            seen => seen.EachPiece(piece => piece.Name is { Length: > 0 } && piece.Type != "function" ? $"type: {piece.Root.Find("type")?.GetRawText() ?? "missing"}" : null, "function")),
        new("tools.name", Required,
            "The first entry of a call names its function.",
            Sources.OpenAiChunk, "Send function.name in the first fragment.",
            seen => seen.EachAnswer(
                exchange => AnnouncedCall.In(exchange).FirstOrDefault(call => call.Name is not { Length: > 0 }) is { } call ? $"a call without a name (id {call.Id ?? "none"})" : null,
                "named")),
        new("tools.once", Required,
            "A call is announced once: clients join repeated names, or make the call again each time.",
            Sources.OpenAiChunk, "Send the call in chunks of its own, once, not with every piece of text.",
            seen => seen.EachAnswer(Repeated, "announced once")),
        new("tools.arguments-string", Required,
            "function.arguments is a string that holds JSON, not JSON itself.",
            Sources.OpenAiChunk, "Serialize the arguments and send the text.",
            seen => seen.EachPiece(piece => piece.Arguments is { ValueKind: not (JsonValueKind.String or JsonValueKind.Null) } arguments ? $"arguments: {arguments.GetRawText()}" : null, "strings")),
        new("tools.arguments-json", Required,
            "The fragments of function.arguments, joined, are a JSON object; with no arguments it is {}.",
            Sources.OpenAiTools, "Serialize with a JSON library; send \"{}\" for a function without parameters.",
            seen => seen.EachAnswer(
                exchange => AnnouncedCall.In(exchange).FirstOrDefault(call => !IsObject(call.Arguments)) is { } call ? $"arguments of {call.Name}: {(call.Arguments.Length > 0 ? call.Arguments : "empty")}" : null,
                "JSON objects",
                exchange => exchange.Chunks.SelectMany(chunk => chunk.ToolCalls).All(piece => piece.Arguments is not { ValueKind: not (JsonValueKind.String or JsonValueKind.Null) }))),
        new("tools.no-text-beside", Required,
            "A delta with tool_calls has no content: some clients drop it, others speak it twice.",
            Sources.Pipecat, "Send text and tool calls in different chunks.",
            seen => seen.EachAnswer(
                exchange => exchange.Chunks.FirstOrDefault(chunk => chunk.ToolCalls.Count > 0 && chunk.Content is { Length: > 0 }) is { } chunk ? $"content \"{chunk.Content}\" beside a tool call" : null,
                "no content beside")),
        new("tools.finish-reason", Required,
            "An answer that calls a tool ends with finish_reason \"tool_calls\"; some platforms make the call only then.",
            Sources.OpenAiTools, "Send finish_reason tool_calls on the last chunk of such an answer.",
            seen => seen.EachAnswer(
                exchange => exchange.Chunks.LastOrDefault(chunk => chunk.FinishReason is not null)?.FinishReason is { } reason and not "tool_calls" ? $"finish_reason: {reason}" : null,
                "tool_calls")),
        new("tools.not-unasked", Advised,
            "A greeting is no reason to call a tool: the platform would hang up or transfer the call.",
            Sources.ImsHangUp, "Call hang-up only when the conversation is over.",
            seen => seen.On(ProbeNames.Greeting, exchange => !exchange.IsStream ? Verdict.NotApplicable("no streamed answer to judge")
                : Verdict.Unless(AnnouncedCall.In(exchange) is [var call, ..] ? $"{call.Name} on \"hello\"" : null, "no call"))),
        new("tools.directive", Advised,
            "A directive in the text is one the platform knows, complete and well formed; anything else is read aloud.",
            Sources.ImsHangUp, "Write <imsagent_hangup endword=\"…\"/> or <imsagent_transfer_call …/>.",
            seen =>
            {
                var directives = seen.Whole.SelectMany(probe => Directives(probe.Exchange)).ToList();
                return directives.Count == 0 ? Verdict.NotApplicable("no directive in any answer")
                    : Verdict.Unless(directives.Find(directive => directive.Kind == DirectiveKind.Unknown)?.Text, $"{directives.Count} well formed");
            })
        { Of = platform => platform.IsIms },
        new("tools.hang-up", Required,
            "What was given as --hangup-text makes the server hang up, by the mapped function or by a directive.",
            Sources.ImsHangUp, "Call the function that the platform maps to hanging up, or send <imsagent_hangup/>; compare --hangup-function.",
            seen => seen.Options.HangUpText is null ? Verdict.NotApplicable("no --hangup-text given") : seen.On(ProbeNames.HangUpText, exchange => !exchange.IsStream || Observations.HasError(exchange) ? Verdict.NotApplicable("no streamed answer to judge") : Verdict.Unless(
                AnnouncedCall.In(exchange).Any(call => call.Name == seen.Options.HangUpFunction) || Directives(exchange).Any(directive => directive.Kind == DirectiveKind.HangUp)
                    ? null : $"answered \"{exchange.Text}\"",
                "hung up")))
        { Of = platform => platform.IsIms },
    ];

    private static Verdict EachPiece(this Observations seen, Func<ToolCallPiece, string?> failure, string held) =>
        seen.EachAnswer(exchange => exchange.Chunks.SelectMany(chunk => chunk.ToolCalls).Select(failure).FirstOrDefault(found => found is not null), held);

    private static Verdict EachAnswer(this Observations seen, Func<Exchange, string?> failure, string held, Func<Exchange, bool>? where = null)
    {
        var answers = seen.Streams.Where(probe => probe.Exchange.Chunks.Any(chunk => chunk.ToolCalls.Count > 0) && where?.Invoke(probe.Exchange) != false).ToList();
        return answers.Count > 0
            ? new Observations(seen.Options, seen.Address, answers).EachStream(failure, held)
            : seen.StoppedBecause is { } why ? Verdict.NotRun(why) : Verdict.NotApplicable(NoCalls);
    }

    // Two calls of one function in an answer are told apart by index and id; the same again is a repetition.
    private static string? Repeated(Exchange exchange) =>
        AnnouncedCall.In(exchange).Where(call => call.Name is not null).GroupBy(call => (call.Index, call.Id, call.Name)).FirstOrDefault(group => group.Count() > 1) is { } group
            ? $"{group.Key.Name} announced {group.Count()} times" : null;

    private static bool IsObject(string arguments)
    {
        try
        {
            using var document = JsonDocument.Parse(arguments);
            return document.RootElement.ValueKind == JsonValueKind.Object;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static IEnumerable<Directive> Directives(Exchange exchange)
    {
        var scanner = new DirectiveScanner();
        return scanner.Push(exchange.Text).Concat(scanner.Complete()).Where(speech => speech.Directive is not null).Select(speech => speech.Directive!);
    }
}
