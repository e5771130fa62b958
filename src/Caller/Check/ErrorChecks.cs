using System.Text.RegularExpressions;
using Caller.Wire;
using static Caller.Check.CheckLevel;

namespace Caller.Check;

internal static partial class ErrorChecks
{
    private static readonly string[] Refusals =
        [ProbeNames.BadJson, ProbeNames.EmptyBody, ProbeNames.NoMessages, ProbeNames.EmptyMessages, ProbeNames.MessagesText, ProbeNames.WrongKey, ProbeNames.MalformedKey, ProbeNames.WrongModel];

    public static readonly IReadOnlyList<Check> All =
    [
        new("errors.bad-json", Required,
            "A body that is not JSON is the client's error: status 4xx.",
            Sources.OpenAiErrors, "Catch the parser's exception and answer 400.",
            seen => seen.Refuses(ProbeNames.BadJson)),
        new("errors.empty-body", Required,
            "An empty body is the client's error: status 4xx.",
            Sources.OpenAiErrors, "Answer 400 when there is no body.",
            seen => seen.Refuses(ProbeNames.EmptyBody)),
        new("errors.no-messages", Required,
            "A body without messages is the client's error: status 4xx.",
            Sources.OpenAiCreate, "Check that messages is there before using it.",
            seen => seen.Refuses(ProbeNames.NoMessages)),
        new("errors.empty-messages", Advised,
            "An empty messages array is the client's error: status 4xx.",
            Sources.OpenAiCreate, "Answer 400 when there is nothing to answer.",
            seen => seen.Refuses(ProbeNames.EmptyMessages)),
        new("errors.messages-type", Required,
            "messages of a wrong type does not crash the server: no status 5xx.",
            Sources.OpenAiCreate, "Check types when parsing, and answer 400.",
            seen => seen.On(ProbeNames.MessagesText, exchange => Verdict.Unless(
                exchange.Status is 0 or >= 500 ? Judging.Describe(exchange) : null, $"status {exchange.Status}"))),
        new("errors.unknown-model", Advised,
            "A model id that does not exist is answered 404 (or 400).",
            Sources.OpenAiErrors, "Answer 404 with code model_not_found; a server that answers for every id is fine too.",
            seen => seen.On(ProbeNames.WrongModel, exchange => exchange.Status == 200
                ? Verdict.NotApplicable("the server answers for every model id")
                : Verdict.Unless(exchange.Status is 404 or 400 ? null : Judging.Describe(exchange), $"status {exchange.Status}"))),
        new("errors.path", Advised,
            "A path that does not exist is answered 404.",
            Sources.Http, "Let the web framework answer unknown paths.",
            seen => seen.Refuses(ProbeNames.WrongPath)),
        new("errors.envelope", Advised,
            "An error is a JSON object whose error.message is text and which has type, param and code.",
            Sources.OpenAiErrors, "Answer {\"error\":{\"message\":…,\"type\":…,\"param\":null,\"code\":…}}.",
            seen => seen.EachRefusal(exchange =>
            {
                var error = exchange.Json?.Find("error");
                return error?.FindText("message") is not { Length: > 0 } ? $"no error.message: {exchange.BodyText}"
                    : new[] { "type", "param", "code" }.FirstOrDefault(name => error.Value.Find(name) is null) is { } missing ? $"no error.{missing}: {exchange.BodyText}" : null;
            }, "OpenAI's shape")),
        new("errors.content-type", Advised,
            "An error is JSON and says so: Content-Type application/json.",
            Sources.OpenAiErrors, "Set the content type of error answers.",
            seen => seen.EachRefusal(exchange => exchange.MediaType is "application/json" or "application/problem+json" ? null : $"Content-Type: {exchange.Header("content-type") ?? "none"}", "application/json")),
        new("errors.no-stack-trace", Required,
            "An error tells nothing of the server's inside: no stack trace.",
            Sources.ErrorHandling, "Switch off the debug error page; log the exception instead.",
            seen => seen.EachRefusal(exchange => StackTrace().Match(exchange.BodyText) is { Success: true } match ? match.Value : null, "no stack trace")),
        new("errors.survives", Required,
            "After requests that were refused the server answers a valid turn as before.",
            Sources.OpenAiCreate, "Let one bad request not bring down the process or leave a lock behind.",
            seen => seen.Accepts(ProbeNames.Last)),
        new("errors.single", Advised,
            "With \"stream\": false the answer is one chat.completion object. (The real-time workflow always streams.)",
            Sources.OpenAiCreate, "Answer application/json with object, choices[0].message and finish_reason.",
            seen => seen.IsSingle(ProbeNames.Single)),
        new("errors.single-default", Advised,
            "stream is false when it is not in the request.",
            Sources.OpenAiCreate, "Read a missing stream as false.",
            seen => seen.IsSingle(ProbeNames.SingleByDefault)),
    ];

    private static Verdict IsSingle(this Observations seen, string probe) => seen.On(probe, exchange => Verdict.Unless(
        exchange.Status == 200 && exchange.Json is { } json && json.FindText("object") == "chat.completion" && json.Find("choices").Items().FirstOrDefault().Find("message") is not null
            ? null : $"{Judging.Describe(exchange)}", "a chat.completion"));

    private static Verdict EachRefusal(this Observations seen, Func<Exchange, string?> failure, string held)
    {
        var refused = seen.Probes.Where(probe => Refusals.Contains(probe.Name) && probe.Exchange.Status >= 400).ToList();
        foreach (var probe in refused)
        {
            if (failure(probe.Exchange) is { } found)
            {
                return Verdict.Failed($"{probe.Name}: {found}");
            }
        }

        return refused.Count > 0 ? Verdict.Held($"{held} ({refused.Count} errors)")
            : seen.StoppedBecause is { } why ? Verdict.NotRun(why) : Verdict.NotApplicable("nothing was refused");
    }

    // .NET and Java, Python, Node, Go, Ruby.
    // Spaces of one line only: over many empty lines it would look at each of them again and again.
    [GeneratedRegex(@"^[ \t]+at [\w.$<>`\[\]]+\s?\(.*|Traceback \(most recent call last\)|File ""[^""]+"", line \d+|goroutine \d+ \[|\.rb:\d+:in |\\n[ \t]+at [\w.$<>`\[\]]+\s?\(", RegexOptions.Multiline, matchTimeoutMilliseconds: 1000)]
    private static partial Regex StackTrace();
}
