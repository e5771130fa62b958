using System.Text.RegularExpressions;
using Caller.Wire;

namespace Caller.Platform;

/// <summary>What the caller hears and the platform does of an answer.</summary>
/// <param name="Text">What is spoken.</param>
/// <param name="Calls">The tool calls that are made.</param>
/// <param name="Asides">What the server told the platform itself.</param>
/// <param name="Lost">What the answer held and the client does not take, a sentence each.</param>
/// <param name="Failure">Why the client fails on it; null: it does not.</param>
internal sealed record HeardAnswer(string Text, IReadOnlyList<ToolUse> Calls, IReadOnlyList<string> Asides, IReadOnlyList<string> Lost, string? Failure)
{
    public bool IsEmpty => Text.Trim().Length == 0 && Calls.Count == 0;
}

/// <summary>Reads one answer as a platform's client does.</summary>
internal sealed class AnswerReader(VoicePlatform platform)
{
    public const string EarlyFinish = "nothing is spoken";
    public const string InOneChunk = "in one chunk with another call";
    public const string NoBlank = "a line begins with \"data:\" without a blank behind it";
    public const string LateMetadata = "metadata counts only in the first chunk";

    private readonly ToolCallReader _calls = ToolCallReader.For(platform.Reading.Calls);
    private readonly ToolCallReader _all = ToolCallReader.For(platform.Legacy ? CallReading.Legacy : CallReading.ByIndex);
    private readonly ThinkingFilter? _thinking = platform.Reading.StripsThinking ? new() : null;
    private readonly List<string> _asides = [];
    private readonly List<string> _lost = [];
    private readonly List<string> _reasons = [];
    private string _text = "";
    private string? _earlyFinish;
    private string? _failure;
    private bool _begun;
    private bool _noId;

    private ReadingRules Rules => platform.Reading;

    /// <summary>Whether something came that the client takes for output.</summary>
    public bool HasOutput { get; private set; }

    /// <summary>Reads a whole answer.</summary>
    public static HeardAnswer Read(VoicePlatform platform, Exchange exchange)
    {
        var reader = new AnswerReader(platform);
        foreach (var frame in exchange.WithAsides ?? exchange.Frames)
        {
            reader.Push(frame);
        }

        return reader.Complete(exchange);
    }

    /// <summary>Takes an event and returns what of it is spoken.</summary>
    public string Push(Frame frame)
    {
        if (frame.IsDone || frame.Chunk is not { } chunk)
        {
            return "";
        }

        if (Rules.Aside is { } aside && chunk.Root.FindText(aside.Field) == aside.Value)
        {
            TakeAside(chunk);
            return "";
        }

        _begun = true;
        _earlyFinish ??= _reasons.FirstOrDefault();
        if (chunk.FinishReason is { Length: > 0 } reason)
        {
            _reasons.Add(reason);
        }

        _noId |= chunk.ToolCalls.Any(piece => piece is { Name.Length: > 0, Id: not { Length: > 0 } });
        _calls.Push(chunk);
        _all.Push(chunk);
        if (platform.Legacy && chunk.ToolCalls.Count > 0)
        {
            Lose("tool_calls are not read: functions were offered, so a function_call is looked for");
        }

        var text = Spoken(chunk);
        HasOutput |= text.Length > 0 || chunk.ToolCalls.Count > 0 || chunk.Delta?.Find("function_call") is not null;
        _text += text;
        return text;
    }

    /// <summary>The answer is over.</summary>
    /// <param name="exchange">All of it.</param>
    public HeardAnswer Complete(Exchange exchange)
    {
        _text += _thinking?.Complete();
        IReadOnlyList<ToolUse> calls = _calls.Complete();
        if (Rules.CallsNeed is { } reasons && calls.Count > 0 && !_reasons.Exists(reasons.Contains))
        {
            calls = [];
        }

        foreach (var call in _all.Complete().Where(call => call.Name.Length > 0 && !calls.Any(made => made.Name == call.Name && made.Id == call.Id)))
        {
            Lose($"the call of {call.Name} is not made{WhyNot()}");
        }

        _failure ??= _calls.Failure;
        if (Rules.FinishOnlyLast && _earlyFinish is { } early)
        {
            _failure ??= $"{EarlyFinish}: finish_reason \"{early}\" stands in a chunk before the last";
        }

        if (Rules.BlankAfterData && exchange.BodyText.Split('\n').FirstOrDefault(line => line.StartsWith("data:", StringComparison.Ordinal) && !line.StartsWith("data: ", StringComparison.Ordinal)) is { } line)
        {
            _failure ??= $"{NoBlank}: {line.Trim()}";
        }

        if (Rules.MaxBytes is { } most && exchange.Body.Length > most)
        {
            _failure ??= $"the answer has {exchange.Body.Length} bytes, and {most} are the most";
        }

        var heard = new HeardAnswer(_text, calls, _asides, _lost, _failure);
        return Rules.EmptyFails && heard.IsEmpty && _failure is null ? heard with { Failure = "the answer is empty" } : heard;
    }

    private string Spoken(Chunk chunk)
    {
        var text = chunk.Content ?? "";
        if (Rules.DropsTextBesideCalls && chunk.ToolCalls.Count > 0 && text.Length > 0)
        {
            Lose($"\"{text}\" is not spoken: it stands beside a tool call");
            return "";
        }

        text = _thinking?.Push(text, chunk.FinishReason is not null) ?? text;
        return Rules.Command is { } command ? Regex.Replace(text, command, "", RegexOptions.IgnoreCase, TimeSpan.FromSeconds(1)) : text;
    }

    private void TakeAside(Chunk chunk)
    {
        if (Rules.AsideFirst && _begun)
        {
            Lose(LateMetadata);
            return;
        }

        _begun |= Rules.AsideFirst;
        _asides.Add((chunk.Root.Find("metainfo") ?? chunk.Root.Find("metadata"))?.GetRawText() ?? "{}");
    }

    private string WhyNot() => Rules.Calls switch
    {
        CallReading.IndexZero => ": only that of index 0 is",
        CallReading.FirstOfChunk => $": it stands {InOneChunk}, of which only the first is read",
        _ when Rules.CallsNeed is { } reasons && !_reasons.Exists(reasons.Contains) => $": no finish_reason {string.Join(" or ", reasons.Select(reason => $"\"{reason}\""))} came",
        CallReading.OneAtATime => _noId ? ": it has no id" : $": it stands {InOneChunk}",
        _ => "",
    };

    private void Lose(string what)
    {
        if (!_lost.Contains(what))
        {
            _lost.Add(what);
        }
    }
}

/// <summary>Takes out what stands between <c>&lt;think&gt;</c> and <c>&lt;/think&gt;</c>, over the borders of pieces (livekit/agents, <c>llm/utils.py</c>).</summary>
internal sealed class ThinkingFilter
{
    private const string Open = "<think>";
    private const string Close = "</think>";

    private string _held = "";
    private bool _inside;

    /// <summary>Takes a piece and returns what of it is text so far.</summary>
    public string Push(string piece, bool final)
    {
        _held += piece;
        var text = "";
        while (true)
        {
            var mark = _inside ? Close : Open;
            var at = _held.IndexOf(mark, StringComparison.Ordinal);
            if (at >= 0)
            {
                text += _inside ? "" : _held[..at];
                _held = _held[(at + mark.Length)..];
                _inside = !_inside;
                continue;
            }

            var begun = final ? 0 : Enumerable.Range(1, mark.Length - 1).LastOrDefault(length => _held.EndsWith(mark[..length], StringComparison.Ordinal));
            text += _inside ? "" : _held[..^begun];
            _held = _held[^begun..];
            return text;
        }
    }

    public string Complete() => Push("", final: true);
}
