using System.Text;
using System.Text.RegularExpressions;
using Microsoft.Extensions.AI;
using Switchboard.Contract;
using Switchboard.Platforms;

namespace Switchboard.Actions;

/// <summary>
/// Tool calls in the text of an answer, where the platform runs what looks like one: <c>functions.name({…})</c>, and the name of a tool within braces.
/// They are taken out of the text while it streams; what is read as a call is judged like any other.
/// </summary>
/// <remarks>bolna-ai/bolna, bolna/llms/openai_base.py</remarks>
/// <param name="tools">The names of the tools that may be called.</param>
internal sealed partial class WrittenCalls(IReadOnlySet<string> tools)
{
    // A transfer with all that it can be told has some 400.
    private const int Longest = 2000;

    private const string Prefix = "functions.";

    private readonly List<FunctionCallContent> _calls = [];
    private readonly StringBuilder _safe = new();
    private string _held = "";
    private char _last = ' ';
    private bool _isCut;
    private bool _isLost;

    /// <summary>Whether something was taken out that is no call that could be read.</summary>
    public bool HasTakenOut { get; private set; }

    /// <summary>The calls that were found since this was asked for last.</summary>
    public IReadOnlyList<FunctionCallContent> TakeCalls()
    {
        FunctionCallContent[] calls = [.. _calls];
        _calls.Clear();
        return calls;
    }

    /// <summary>What of the next piece can go out now.</summary>
    public string Push(string piece) => Read(piece, ends: false);

    /// <summary>What was held back and goes out after all, since nothing follows.</summary>
    public string Complete() => Read("", ends: true);

    private string Read(string piece, bool ends)
    {
        if (_isLost)
        {
            return "";
        }

        _held += piece;
        _safe.Clear();
        while (_held.Length > 0)
        {
            Release(Start(ends));
            if (_held.Length > 0 && !(_held[0] == '{' ? TakeBraces(ends) : TakePrefix(ends)))
            {
                break;
            }
        }

        // Nobody says this: whatever follows belongs to it.
        if (_held.Length > Longest)
        {
            (_held, _isLost, HasTakenOut) = ("", true, true);
        }

        return _safe.ToString();
    }

    private int Start(bool ends)
    {
        for (var at = 0; at < _held.Length; at++)
        {
            var rest = _held.AsSpan(at);
            if (rest[0] == '{' || (rest[0] == 'f' && (rest.StartsWith(Prefix, StringComparison.Ordinal) || (!ends && Prefix.AsSpan().StartsWith(rest, StringComparison.Ordinal)))))
            {
                return at;
            }
        }

        return _held.Length;
    }

    // Both are false when what follows must tell.
    private bool TakePrefix(bool ends)
    {
        var begun = Call().Match(_held);
        if (!begun.Success)
        {
            // The word, at the end of a sentence.
            return (ends || _held.Length > Prefix.Length) && Release(Prefix.Length);
        }

        if (!begun.Groups["open"].Success)
        {
            return (ends || begun.Length < _held.Length) && Cut(Prefix.Length);
        }

        var open = begun.Groups["open"].Index;
        if (End(open) is not { } end)
        {
            return ends && Lose(_held.Length);
        }

        var arguments = (_held[open] == '(' ? _held[(open + 1)..(end - 1)] : _held[open..end]).Trim();
        var call = ToolCallJson.ToContent($"call_{Guid.NewGuid():N}", begun.Groups["name"].Value, arguments.Length > 0 ? arguments : "{}");
        if (call.Exception is not null || !tools.Contains(call.Name))
        {
            return Lose(end);
        }

        _calls.Add(call);
        return Cut(end);
    }

    private bool TakeBraces(bool ends)
    {
        var close = _held.IndexOf('}', StringComparison.Ordinal);
        if (close < 0 && !ends)
        {
            return false;
        }

        var length = close < 0 ? _held.Length : close + 1;
        var inside = _held[..length];
        return inside.Contains(Prefix, StringComparison.Ordinal) || tools.Any(tool => inside.Contains(tool, StringComparison.Ordinal)) ? Lose(End(0) ?? length) : Release(length);
    }

    private int? End(int open)
    {
        var depth = 0;
        for (var at = open; at < _held.Length; at++)
        {
            depth += _held[at] is '(' or '{' ? 1 : _held[at] is ')' or '}' ? -1 : 0;
            if (depth == 0)
            {
                return at + 1;
            }
        }

        return null;
    }

    private bool Release(int length)
    {
        // What stood around something that was taken out must not become such a thing.
        if (length > 0)
        {
            _safe.Append(_isCut && !char.IsWhiteSpace(_last) && !char.IsWhiteSpace(_held[0]) ? " " : "").Append(_held, 0, length);
            (_isCut, _last, _held) = (false, _held[length - 1], _held[length..]);
        }

        return true;
    }

    private bool Lose(int length)
    {
        HasTakenOut = true;
        return Cut(length);
    }

    private bool Cut(int length)
    {
        _isCut = true;
        _held = _held[length..];
        return true;
    }

    [GeneratedRegex(@"\Afunctions\.(?<name>\w+)\s*(?<open>[({])?", RegexOptions.CultureInvariant, ImsMarks.MatchTimeout)]
    private static partial Regex Call();
}
