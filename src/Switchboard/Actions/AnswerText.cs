using Microsoft.Extensions.AI;
using Switchboard.Common;
using Switchboard.Contract;
using Switchboard.Platforms;

namespace Switchboard.Actions;

/// <summary>The text of one answer on its way out: without what may not go out, with a space between two rounds, and held where it may belong into a call.</summary>
/// <param name="transfers">Takes out what may not go out.</param>
/// <param name="written">Takes out tool calls that the platform would run; null where it runs none of the text.</param>
/// <param name="speech">Holds the beginning; null where nothing is held.</param>
/// <param name="keeps">Whether the responder may have to be told what it said.</param>
internal sealed class AnswerText(WrittenTransfers transfers, WrittenCalls? written, HeldSpeech? speech, bool keeps)
{
    /// <summary>How much of a reply, in characters, is sent back to the responder whose action was refused: as much as somebody says in ten minutes.</summary>
    public const int MaxSaid = 8192;

    private readonly KeptText _said = new(MaxSaid);
    private bool _needsSpace;

    /// <summary>Whether the responder has said something that is heard.</summary>
    public bool HasSpoken { get; private set; }

    /// <summary>Whether it has since it was asked last.</summary>
    public bool HasSpokenLast { get; set; }

    /// <summary>Whether any text has gone out.</summary>
    public bool HasHeard { get; private set; }

    /// <summary>Whether what is said next needs a space before it.</summary>
    public bool EndsOpen { get; private set; }

    /// <summary>What waits because it may belong into the call of an action; null for nothing.</summary>
    public HeldSpeech? Waiting => speech is { IsOver: false, IsEmpty: false } waiting ? waiting : null;

    /// <summary>What of a piece goes out now; null when nothing does.</summary>
    public TextContent? Take(TextContent content, string text)
    {
        var said = _needsSpace && !char.IsWhiteSpace(text[0]) ? $" {text}" : text;
        _needsSpace = false;
        var safe = transfers.Push(written is null || Speakable.IsPhrase(content) ? said : written.Push(said));
        if (safe.Length == 0)
        {
            return null;
        }

        var isPhrase = Speakable.IsPhrase(content);
        Hear(safe, isOwn: !isPhrase);
        if (speech is { IsOver: false })
        {
            if (!isPhrase && speech.TryAdd(safe))
            {
                return null;
            }

            var before = Release();
            return before.Length > 0 ? new TextContent(before + safe) : new TextContent(safe) { AdditionalProperties = content.AdditionalProperties };
        }

        HasHeard = true;
        return ReferenceEquals(safe, content.Text) ? content : new TextContent(safe) { AdditionalProperties = content.AdditionalProperties };
    }

    /// <summary>What waited, which goes out now.</summary>
    public string Release()
    {
        HasHeard = true;
        return speech!.Release();
    }

    /// <summary>All that has not gone out yet, since nothing follows.</summary>
    public string Complete()
    {
        var rest = (written?.Complete() is { Length: > 0 } held ? transfers.Push(held) : "") + transfers.Complete();
        if (rest.Length > 0)
        {
            Hear(rest, isOwn: true);
        }

        return Waiting is { } waiting ? waiting.Release() + rest : rest;
    }

    /// <summary>The responder is asked again.</summary>
    /// <returns>What it said.</returns>
    public string BeginRound()
    {
        var said = _said.ToString();
        _said.Clear();
        _needsSpace = EndsOpen;
        EndsOpen = HasSpokenLast = false;
        return said;
    }

    /// <summary>A text that follows all others.</summary>
    public TextContent Last(string text) => new(EndsOpen || (_needsSpace && HasHeard) ? $" {text}" : text);

    private void Hear(string text, bool isOwn)
    {
        HasSpokenLast = HasSpokenLast || (isOwn && ImsMarks.IsHeard(text));
        HasSpoken |= HasSpokenLast;
        EndsOpen = !char.IsWhiteSpace(text[^1]);
        if (keeps)
        {
            _said.Append(text);
        }
    }
}
