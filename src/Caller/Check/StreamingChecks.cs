using System.Text.RegularExpressions;
using Caller.Wire;
using static Caller.Check.CheckLevel;

namespace Caller.Check;

internal static partial class StreamingChecks
{
    /// <summary>An answer that takes less than this is over before anybody could wait for it.</summary>
    private static readonly TimeSpan TooFastToTell = TimeSpan.FromMilliseconds(300);

    private const int FewPieces = 5;
    private const int LongText = 80;

    public static readonly IReadOnlyList<Check> All =
    [
        new("streaming.ends", Required,
            "An answer comes to its end, and does not stall.",
            Sources.LiveKit, "Bound the time the model may be silent, and end the answer when it is over.",
            seen => seen.AllTurns(exchange => exchange.End is ExchangeEnd.TimedOut or ExchangeEnd.TooLong
                ? $"not finished after {Judging.Seconds(exchange.EndedAfter)}, {exchange.Frames.Count} events seen" : null, "all ended")),
        new("streaming.spread", Required,
            "Pieces of a long answer arrive as they are made, spread over its time, not all at once at its end.",
            Sources.OpenAiCreate, "Flush after every chunk; switch off buffering and compression in the server and in every proxy before it.",
            seen => seen.OnLong(exchange => Pieces(exchange) < FewPieces
                    ? Verdict.NotApplicable($"only {Pieces(exchange)} pieces")
                : exchange.EndedAfter < TooFastToTell
                    ? Verdict.NotApplicable($"the whole answer took {Judging.Seconds(exchange.EndedAfter)}: too fast to tell")
                : Verdict.Unless(
                    LooksBuffered(exchange) && (seen[ProbeNames.LongAgain] is not { } again || LooksBuffered(again))
                        ? $"{Pieces(exchange)} pieces within {Judging.Seconds(Window(exchange))}, after {Judging.Seconds(exchange.FirstSpeech!.Value)} of nothing" : null,
                    $"{Pieces(exchange)} pieces over {Judging.Seconds(Window(exchange))}, the first after {Judging.Seconds(exchange.FirstSpeech!.Value)}"))),
        new("streaming.pieces", Advised,
            "A long answer comes in several pieces, so that speech can begin with the first.",
            Sources.OpenAiCreate, "Pass the model's pieces on as they come instead of joining them.",
            seen => seen.OnLong(exchange => exchange.Text.Length < LongText
                ? Verdict.NotApplicable($"the answer is only {exchange.Text.Length} characters long")
                : Verdict.Unless(Pieces(exchange) == 1 ? $"{exchange.Text.Length} characters in one piece" : null, $"{exchange.Text.Length} characters in {Pieces(exchange)} pieces"))),
        new("streaming.first-speech", Advised,
            "The caller hears the first words soon (--first-speech, 2.5 s).",
            Sources.LiveKit, "Use a faster model or shorter prompt, keep the server warm, or let a filler be said.",
            seen => seen.OnLong(exchange => exchange.FirstSpeech is { } first
                ? Verdict.Unless(first > seen.Options.FirstSpeech ? Judging.Seconds(first) : null, Judging.Seconds(first))
                : Verdict.NotApplicable("nothing was said"))),
        new("streaming.gaps", Advised,
            "No silence inside an answer is longer than the shortest read timeout of a platform (--gap, 5 s).",
            Sources.LiveKit, "Send keep-alive comments, and say something while a tool runs.",
            seen => seen.EachStream(exchange => LongestGap(exchange) is var gap && gap > seen.Options.Gap ? $"{Judging.Seconds(gap)} of silence" : null, "no long silence")),
        new("streaming.whole-characters", Required,
            "A piece never holds half a character: each delta is decoded by itself.",
            Sources.Json, "Hold back an incomplete character (half a surrogate pair, half a UTF-8 sequence) until the rest is there.",
            seen => seen.EachStream(
                exchange => exchange.Frames.FirstOrDefault(frame => HalfCharacters.AreIn(frame.Payload) || frame.Chunk?.Content?.Contains('\uFFFD', StringComparison.Ordinal) == true)?.Payload,
                "whole characters")),
        new("streaming.speakable", Advised,
            "Text is for the ear: no headings, bold marks, bullets or code.",
            Sources.Vapi, "Ask the model for plain spoken language, and strip what is left.",
            seen => seen.EachStream(exchange => Markdown().Match(exchange.Text) is { Success: true } match ? $"\"{match.Value.Trim()}\" in \"{exchange.Text}\"" : null, "plain text")),
        new("streaming.no-reasoning", Advised,
            "What the model thinks is not said: no <think> in the content.",
            Sources.OpenAiChunk, "Switch reasoning off, or take it out of content.",
            seen => seen.EachStream(exchange => exchange.Text.Contains("<think>", StringComparison.OrdinalIgnoreCase) ? $"\"{exchange.Text}\"" : null, "no reasoning")),
    ];

    /// <summary>Nothing for a while, then everything within a tenth of that while.</summary>
    public static bool LooksBuffered(Exchange exchange) =>
        Pieces(exchange) >= FewPieces
        && exchange.FirstSpeech is { } first && first >= TooFastToTell
        && Window(exchange) < first / 10;

    private static int Pieces(Exchange exchange) => exchange.Pieces.Count();

    private static TimeSpan Window(Exchange exchange) => exchange.Pieces.Last().At - exchange.Pieces.First().At;

    private static TimeSpan LongestGap(Exchange exchange) =>
        exchange.Frames.Zip(exchange.Frames.Skip(1), (before, after) => after.At - before.At).DefaultIfEmpty().Max();

    private static Verdict OnLong(this Observations seen, Func<Exchange, Verdict> judge) =>
        seen.On(ProbeNames.Long, exchange => exchange.IsStream ? judge(exchange) : Verdict.NotApplicable("no streamed answer to judge"));

    private static Verdict AllTurns(this Observations seen, Func<Exchange, string?> failure, string held)
    {
        var turns = seen.Probes.Where(probe => probe is { Kind: ProbeKind.Turn, Exchange.Status: > 0 } || (probe.Kind == ProbeKind.Turn && probe.Exchange.End == ExchangeEnd.TimedOut)).ToList();
        return turns.Select(probe => failure(probe.Exchange) is { } found ? $"{probe.Name}: {found}" : null).FirstOrDefault(found => found is not null) is { } first
            ? Verdict.Failed(first)
            : turns.Count > 0 ? Verdict.Held($"{held} ({turns.Count} answers)") : Verdict.NotApplicable("no answer at all");
    }

    [GeneratedRegex(@"(^|\n)[ \t]{0,3}#{1,6} \S|\*\*[^*\n]+\*\*|```|(^|\n)[ \t]*[-*] \S[^\n]*\n[ \t]*[-*] ", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Markdown();
}
