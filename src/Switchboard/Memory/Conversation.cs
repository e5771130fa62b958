using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.AI;
using Switchboard.Contract;

namespace Switchboard.Memory;

/// <summary>Where a conversation stands: which words of the caller are to be answered, and what tells them from the same words at another place.</summary>
internal sealed class Conversation
{
    private readonly List<(int Index, string Words)> _heard = [];
    private readonly bool _isAlone;

    /// <param name="messages">The messages, oldest first.</param>
    /// <param name="turnId">The platform's id of the turn; null where it has none.</param>
    public Conversation(IReadOnlyList<ChatMessage> messages, string? turnId)
    {
        Messages = messages;
        TurnId = turnId;
        for (var index = 0; index < messages.Count; index++)
        {
            if (messages[index].Role == ChatRole.User)
            {
                _heard.Add((index, Digest.Of(messages[index].Text)));
            }
        }

        var last = _heard is [.., var (lastIndex, _)] ? lastIndex : -1;
        Said = last < 0 ? "" : messages[last].Text;
        Steps = messages.Count - 1 - last;
        _isAlone = !messages.Take(Math.Max(last, 0)).Any(message => message.Role == ChatRole.User || message.Role == ChatRole.Assistant);
        Turn = TurnDigest(last);
        var place = new Digest().Add(Turn);
        for (var index = last + 1; index < messages.Count; index++)
        {
            place.Add(messages[index]);
        }

        Place = place.Finish();
    }

    public IReadOnlyList<ChatMessage> Messages { get; }

    public string? TurnId { get; }

    /// <summary>The messages of the caller: where they stand, and the digest of their words.</summary>
    public IReadOnlyList<(int Index, string Words)> Heard => _heard;

    /// <summary>Where it stands.</summary>
    public TurnPlace Where => new(Place, Turn, TurnId, Prior, _heard.Count, Steps);

    /// <summary>What the caller said last.</summary>
    public string Said { get; }

    /// <summary>The digest of what the caller said last; null where that is nothing.</summary>
    public string? Words => _heard is [.., var last] ? last.Words : null;

    /// <summary>The digest of what the caller said before that; null where that is nothing.</summary>
    public string? Prior => _heard is [.., var prior, _] ? prior.Words : null;

    /// <summary>How many messages have followed it: calls of the client's tools and their results.</summary>
    public int Steps { get; }

    /// <summary>Whether nothing tells these words from the same ones later: no id of the turn, and nothing that was said before. The call has just begun, or its platform keeps no history.</summary>
    public bool IsUnnamed => _isAlone && TurnId is null;

    /// <summary>How long ago a run may have been that is still taken for one of this turn.</summary>
    public TimeSpan RepeatLifetime => IsUnnamed ? CallMemory.AloneLifetime : CallMemory.RepeatLifetime;

    /// <summary>The turn, whatever its words are: a caller who goes on speaking says more of them at the same place.</summary>
    public string Turn { get; }

    /// <summary>The step of the turn: what a client's tools have found is answered by another request of the same turn.</summary>
    public string Place { get; }

    /// <summary>The digest of all of it.</summary>
    public string Whole()
    {
        var whole = new Digest();
        foreach (var message in Messages)
        {
            whole.Add(message);
        }

        return whole.Finish();
    }

    // The platform's id alone may be the same for ever, and the number of messages too, where only the last ones are sent: what came before tells them apart.
    // Only of the caller: what was said to it may be cut to what was heard from one request to the next. Where the caller had said nothing it has to do.
    private string TurnDigest(int last)
    {
        var turn = new Digest().Add(TurnId ?? "").Add(_heard.Count);
        foreach (var (index, words) in _heard.Where(heard => heard.Index < last))
        {
            turn.Add(words);
        }

        if (_heard.Count < 2)
        {
            foreach (var message in Messages.Take(Math.Max(last, 0)).Where(message => message.Role == ChatRole.Assistant))
            {
                turn.Add(message.Text);
            }
        }

        return turn.Finish();
    }
}

/// <summary>Where a turn stands in its call.</summary>
/// <param name="Place">The step of the turn.</param>
/// <param name="Turn">The turn.</param>
/// <param name="TurnId">The platform's id of it; null where it has none.</param>
/// <param name="Prior">The digest of what the caller said before; null where that is nothing.</param>
/// <param name="Count">How many messages of the caller there were.</param>
/// <param name="Steps">How many messages had followed the last of them.</param>
internal sealed record TurnPlace(string Place, string Turn, string? TurnId, string? Prior, int Count, int Steps);

/// <summary>A SHA-256 digest of texts, of which each counts with its length.</summary>
internal sealed class Digest
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    public static string Of(string text) => new Digest().Add(text).Finish();

    public Digest Add(int number)
    {
        Span<byte> bytes = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, number);
        _hash.AppendData(bytes);
        return this;
    }

    public Digest Add(string text)
    {
        Add(text.Length);
        var bytes = ArrayPool<byte>.Shared.Rent(Encoding.UTF8.GetMaxByteCount(text.Length));
        _hash.AppendData(bytes, 0, Encoding.UTF8.GetBytes(text, bytes));
        ArrayPool<byte>.Shared.Return(bytes);
        return this;
    }

    public Digest Add(ChatMessage message)
    {
        Add(message.Role.Value).Add(message.Contents.Count);
        foreach (var content in message.Contents)
        {
            _ = content switch
            {
                TextContent text => Add(text.Text ?? ""),
                FunctionCallContent call => Add(call.CallId).Add(call.Name).Add(ToolCallJson.Arguments(call)),
                FunctionResultContent result => Add(result.CallId).Add(result.Result?.ToString() ?? ""),
                UriContent uri => Add(uri.Uri.OriginalString),
                DataContent data => Add(data.Data.Span),
                _ => Add(content.GetType().Name),
            };
        }

        return this;
    }

    /// <summary>32 hex digits: half of it tells any two apart.</summary>
    public string Finish()
    {
        using (_hash)
        {
            Span<byte> bytes = stackalloc byte[SHA256.HashSizeInBytes];
            _hash.GetHashAndReset(bytes);
            return Convert.ToHexStringLower(bytes[..(SHA256.HashSizeInBytes / 2)]);
        }
    }

    private Digest Add(ReadOnlySpan<byte> bytes)
    {
        Add(bytes.Length);
        _hash.AppendData(bytes);
        return this;
    }
}
