using System.Text;
using Microsoft.Extensions.AI;
using Switchboard.Contract;
using Switchboard.Platforms;

namespace Switchboard.Actions;

/// <summary>Puts the configured directives before the first text of one answer, but for those that the responder wrote there itself.</summary>
/// <param name="options">The directives.</param>
/// <param name="areObeyed">Whether the platform obeys any; else those that the responder wrote are taken out.</param>
internal sealed class LeadingDirectives(DirectivesOptions options, bool areObeyed = true)
{
    private const int LongestEmotion = 64;

    // White space and marks without end before the first word are led as they stand.
    private const int LongestHead = 512;

    private readonly StringBuilder _held = new();
    private bool _isAnswer;
    private bool _isDone = areObeyed && options is { NoInterrupting: false, Emotion: null };

    /// <summary>The contents of the next update, with the directives in them where they belong; text that may yet be a directive is held back.</summary>
    public IList<AIContent> Take(IList<AIContent> contents)
    {
        if (_isDone)
        {
            return contents;
        }

        var taken = new List<AIContent>(contents.Count + 1);
        foreach (var content in contents)
        {
            if (content is not TextContent text)
            {
                if (content is FunctionCallContent && Complete() is { } before)
                {
                    taken.Add(before);
                }

                taken.Add(content);
            }
            else if (_isDone)
            {
                taken.Add(text);
            }
            else if (Take(text) is { } led)
            {
                taken.Add(led);
            }
        }

        return taken;
    }

    /// <summary>What is still held back when no text follows; null when nothing is.</summary>
    public TextContent? Complete()
    {
        if (_isDone || _held.Length == 0)
        {
            return null;
        }

        _ = TryRead(_held.ToString(), out var hasNoInterrupting, out var hasEmotion, out var length);
        return Lead(hasNoInterrupting, hasEmotion, length);
    }

    private TextContent? Take(TextContent text)
    {
        _isAnswer |= Speakable.IsAnswer(text);
        _held.Append(text.Text);
        return TryRead(_held.ToString(), out var hasNoInterrupting, out var hasEmotion, out var length) || _held.Length > LongestHead ? Lead(hasNoInterrupting, hasEmotion, length) : null;
    }

    private TextContent Lead(bool hasNoInterrupting, bool hasEmotion, int length)
    {
        if (!areObeyed)
        {
            _isDone = true;
            return Led(_held.ToString(length, _held.Length - length));
        }

        var lead = options.NoInterrupting && !hasNoInterrupting ? ImsDirectives.NoInterrupting : "";
        if (options.Emotion is { } emotion && !hasEmotion)
        {
            lead += $"{ImsDirectives.EmotionStart}{emotion.ToString().ToLowerInvariant()}{ImsDirectives.EmotionEnd}";
        }

        _isDone = true;
        return Led($"{lead}{_held}");
    }

    private TextContent Led(string text) => _isAnswer ? new TextContent(text) : Speakable.Phrase(text);

    // False while more text may change the result.
    private static bool TryRead(string text, out bool hasNoInterrupting, out bool hasEmotion, out int length)
    {
        hasNoInterrupting = hasEmotion = false;
        length = 0;
        var rest = text.AsSpan();
        while (true)
        {
            rest = rest.TrimStart();
            if (rest.StartsWith(ImsDirectives.NoInterrupting, StringComparison.OrdinalIgnoreCase))
            {
                hasNoInterrupting = true;
                rest = rest[ImsDirectives.NoInterrupting.Length..];
                length = text.Length - rest.Length;
            }
            else if (rest.StartsWith(ImsDirectives.EmotionStart, StringComparison.OrdinalIgnoreCase) && rest.IndexOf(ImsDirectives.EmotionEnd, StringComparison.Ordinal) is > 0 and var end)
            {
                hasEmotion = true;
                rest = rest[(end + ImsDirectives.EmotionEnd.Length)..];
                length = text.Length - rest.Length;
            }
            else
            {
                return !(MayBecome(rest, ImsDirectives.NoInterrupting) || MayBecome(rest, ImsDirectives.EmotionStart)
                    || (rest.StartsWith(ImsDirectives.EmotionStart, StringComparison.OrdinalIgnoreCase) && rest.Length < LongestEmotion));
            }
        }
    }

    private static bool MayBecome(ReadOnlySpan<char> start, string directive) =>
        start.Length < directive.Length && directive.AsSpan().StartsWith(start, StringComparison.OrdinalIgnoreCase);
}
