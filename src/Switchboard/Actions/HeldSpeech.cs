using System.Text;

namespace Switchboard.Actions;

/// <summary>
/// The beginning of an answer that may be the last words of the call, where a platform wants them inside the tool call that ends it. It waits while the
/// responder has more at hand, and else no longer than its first sentence is open or may have been the only one, and never longer than <see cref="Longest"/>:
/// a voice begins no earlier than that.
/// </summary>
internal sealed class HeldSpeech(TimeProvider time)
{
    /// <summary>The longest wait from the first word on.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromMilliseconds(300);

    /// <summary>The longest wait for the rest of a tool call that has begun.</summary>
    public static readonly TimeSpan LongestForCall = TimeSpan.FromMilliseconds(700);

    // As much as the longest goodbye.
    private const int MaxLength = 600;

    private readonly StringBuilder _text = new();
    private Task _deadline = Task.CompletedTask;

    public bool IsEmpty => _text.Length == 0;

    /// <summary>Whether nothing is held any more, since the caller has heard something.</summary>
    public bool IsOver { get; private set; }

    public override string ToString() => _text.ToString();

    /// <summary>Holds a piece; false when there is no more room.</summary>
    public bool TryAdd(string text)
    {
        if (IsOver || _text.Length + text.Length > MaxLength)
        {
            return false;
        }

        if (IsEmpty)
        {
            _deadline = Task.Delay(Longest, time);
        }

        _text.Append(text);
        return true;
    }

    /// <summary>A tool call has begun, which may be the one that is waited for.</summary>
    public void ExpectCall() => _deadline = Task.Delay(LongestForCall, time);

    /// <summary>Waits for <paramref name="next"/>, if what is held may wait.</summary>
    /// <returns>Whether it is there.</returns>
    public async ValueTask<bool> WaitAsync(Task next) =>
        next.IsCompleted || (!HasMoreThanOneSentence() && await Task.WhenAny(next, _deadline) == next);

    /// <summary>What was held goes out, and from now on everything at once.</summary>
    public string Release()
    {
        IsOver = true;
        var text = _text.ToString();
        _text.Clear();
        return text;
    }

    private bool HasMoreThanOneSentence()
    {
        var text = _text.ToString().AsSpan().TrimEnd();
        for (var at = 0; at < text.Length - 1; at++)
        {
            if (text[at] is '。' or '！' or '？' or '।' or '؟' || (text[at] is '.' or '!' or '?' or '…' && char.IsWhiteSpace(text[at + 1])))
            {
                return true;
            }
        }

        return false;
    }
}
