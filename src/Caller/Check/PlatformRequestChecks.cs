using Caller.Platform;
using Caller.Wire;
using static Caller.Check.CheckLevel;

namespace Caller.Check;

/// <summary>What some platforms send and other servers may not know.</summary>
internal static class PlatformRequestChecks
{
    public const string Group = "platform";

    private static readonly string[] Refusals = [ProbeNames.BadJson, ProbeNames.EmptyBody, ProbeNames.NoMessages, ProbeNames.WrongKey, ProbeNames.WrongModel];

    public static readonly IReadOnlyList<Check> All =
    [
        new("platform.request", Required,
            "The platform's own request, with all the fields and headers that it adds to OpenAI's, is answered.",
            Sources.OpenAiCreate, "Read the fields you need and ignore the others.",
            seen => seen.On(ProbeNames.Greeting, exchange => exchange.Status == 200 ? Verdict.Held("answered")
                : RequestChecks.RefusedForExtendData(seen) ? Verdict.Failed($"answered without them, and with them {Judging.Describe(exchange)}")
                : Verdict.NotApplicable("a plain turn fails as well")))
        { Of = platform => !platform.IsIms },
        new("platform.api-key", Required,
            "The key arrives as x-api-key, not as Authorization: Bearer, and is accepted.",
            Sources.Bearer, "Read x-api-key where there is no Authorization header.",
            seen => seen.On(ProbeNames.Greeting, exchange => exchange.Status is 401 or 403
                ? Verdict.Failed(Judging.Describe(exchange))
                : exchange.Status == 0 ? Verdict.NotApplicable("no answer at all") : Verdict.Held(seen.Options.Key is null ? "answered without a key" : "accepted")))
        { Of = platform => !platform.BearsKey },
        new("platform.compressed", Required,
            "The body arrives compressed, with Content-Encoding br or gzip, and is read.",
            Sources.Http, "Inflate the body by its Content-Encoding before parsing it, and bound what comes out.",
            seen => seen.On(ProbeNames.Greeting, exchange => RequestChecks.RefusedForExtendData(seen) && !NamesModel(exchange)
                ? Verdict.Failed($"br: {Judging.Describe(exchange)}") : seen.Accepts(ProbeNames.Gzip)))
        { Of = platform => platform.Compressed },
        new("platform.no-model", Required,
            "The body names no model, and is answered by the only or the default one.",
            Sources.OpenAiCreate, "Have a model for requests that name none.",
            seen => seen.On(ProbeNames.Greeting, exchange => exchange.Status == 200 ? Verdict.Held("answered")
                : NamesModel(exchange) ? Verdict.Failed(Judging.Describe(exchange))
                : Verdict.NotApplicable("another check tells why")))
        { Of = platform => !platform.HasPlaceFor("model") },
        Accepts("platform.tool-result", Required, ProbeNames.ToolResult,
            "The platform runs the tool and asks again, the result being the last message.",
            "Accept a last message that is a tool's result, and answer with what is to be said now.",
            platform => platform.AsksAgain),
        Accepts("platform.unfinished-result", Required, ProbeNames.UnfinishedResult,
            "A tool call whose result is not there yet stands in the history with the result IN_PROGRESS.",
            "Take the text of a result as it is.",
            platform => platform.Unfinished is not null),
        Accepts("platform.greeting", Advised, ProbeNames.NoUserMessage,
            "If the model is to greet, the first request holds no message of the caller.",
            "Do not insist on a user message; answer with a greeting.",
            platform => platform.AsksForGreeting),
        Accepts("platform.path-doubled", Advised, ProbeNames.PathDoubled,
            "Who pastes /chat/completions into the URL has it appended once more; a 404 there is a mute agent.",
            "Serve the doubled path as well.",
            platform => !platform.FullUrl && !platform.IsIms),
        Accepts("platform.path-slash", Advised, ProbeNames.PathSlash,
            "A slash at the end of the URL makes no difference.",
            "Serve the path with a slash at its end as well.",
            platform => !platform.IsIms),
        new("platform.models", Advised,
            "The platform asks for the list of models, to warm up or to check the URL.",
            Sources.OpenAiCreate, "Answer GET models with OpenAI's list.",
            seen => seen.On(ProbeNames.Models, exchange => Verdict.Unless(
                exchange.Status == 200 && exchange.Json?.Find("data") is not null ? null : Judging.Describe(exchange), "a list")))
        { Of = platform => platform.AsksForModels },
        new("platform.cors", Advised,
            "The platform's studio asks for the models from a browser, which needs Access-Control-Allow-Origin.",
            Sources.Http, "Allow the studio's origin, https://studio.d-id.com.",
            seen => seen.On(ProbeNames.Models, exchange => Verdict.Unless(
                exchange.Header("access-control-allow-origin") is "*" or "https://studio.d-id.com" ? null : $"Access-Control-Allow-Origin: {exchange.Header("access-control-allow-origin") ?? "none"}", "allowed")))
        { Of = platform => platform.Compressed },
        new("platform.should-retry", Advised,
            "A refusal that a repeat cannot mend says x-should-retry: false, which OpenAI's libraries heed.",
            Sources.OpenAiPython, "Send x-should-retry: false with such errors, so that nobody waits for two repeats.",
            seen =>
            {
                var refused = seen.Probes.Where(probe => Refusals.Contains(probe.Name) && probe.Exchange.Status is >= 400 and not 429).ToList();
                return refused.Count == 0 ? seen.On(ProbeNames.BadJson, _ => Verdict.NotApplicable("nothing was refused")) : Verdict.Unless(
                    refused.Find(probe => probe.Exchange.Header("x-should-retry") != "false") is { } probe
                        ? $"{probe.Name}: status {probe.Exchange.Status}, x-should-retry: {probe.Exchange.Header("x-should-retry") ?? "none"}" : null,
                    $"false ({refused.Count} errors)");
            })
        { Of = platform => platform.Retries.Kind == RetryKind.OpenAi },
        Accepts("platform.turn-again", Required, ProbeNames.GoodbyeAgain,
            "A client that has not got its answer sends the same turn again, with the same ids; it expects an answer.",
            "Answer a repeat as the first request was answered.",
            platform => !platform.IsIms),
        new("platform.turn-again-same", Advised,
            "A repeat of a turn calls the same tools with the same arguments.",
            Sources.OpenAiCreate, "Keep what a turn did by its id, or by call, number of user messages and their last text, and give it again.",
            seen => seen.On(ProbeNames.GoodbyeAgain, again => seen[ProbeNames.Goodbye] is { IsStream: true } first && again.IsStream
                ? Verdict.Unless(Calls(seen, first) == Calls(seen, again) ? null : $"first {Calls(seen, first)}, then {Calls(seen, again)}", Calls(seen, again))
                : Verdict.NotApplicable("no streamed answer to judge")))
        { Of = platform => platform.Tools is not null },
        Accepts("platform.guess", Required, ProbeNames.AfterGuess,
            "The platform asks on what the caller is about to say, hangs up on that answer, and asks again with the whole sentence, which is answered.",
            "Stop when the client has gone, and do not take the second request for a repeat of the first.",
            platform => platform.Speculates),
        Accepts("platform.superseding", Required, ProbeNames.Superseding,
            "The platform asks again while an earlier request of the same turn still runs, because the caller talked on; the newer one is answered.",
            "Key turns by call, number of user messages and their last text, and let the newer one go on.",
            platform => platform.Speculates),
        new("platform.superseded", Advised,
            "An older request of the same turn ends as an answer ends, without an error: an error, and for ElevenLabs an empty answer, is asked for again.",
            Sources.OpenAiCreate, "End the older answer with a finish_reason and [DONE]; where it may not be empty, with a word.",
            seen => seen.On(ProbeNames.Superseded, exchange => seen[ProbeNames.Greeting] is { Status: 200 }
                ? Verdict.Unless(
                    exchange is not { Status: 200, SawDone: true, End: ExchangeEnd.Complete } ? $"{exchange.End}, {Judging.Describe(exchange)}"
                    : Observations.HasError(exchange) ? "an error event"
                    : seen.Options.Platform.Reading.EmptyFails && AnswerReader.Read(seen.Options.Platform, exchange).IsEmpty ? "empty" : null,
                    $"ended after {exchange.Frames.Count} events")
                : Verdict.NotApplicable("a plain turn fails as well")))
        { Of = platform => platform.Speculates },
    ];

    private static bool NamesModel(Exchange exchange) => exchange is { Status: >= 400 and < 500 } && exchange.BodyText.Contains("model", StringComparison.OrdinalIgnoreCase);

    private static Check Accepts(string id, CheckLevel level, string probe, string contract, string mend, Func<VoicePlatform, bool> of) =>
        new(id, level, contract, Sources.OpenAiCreate, mend, seen => seen.Accepts(probe)) { Of = of };

    private static string Calls(Observations seen, Exchange exchange) =>
        AnswerReader.Read(seen.Options.Platform, exchange).Calls is { Count: > 0 } calls ? string.Join(", ", calls.Select(call => $"{call.Name}({call.Arguments})")) : "no call";
}
