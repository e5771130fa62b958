using System.Buffers;
using System.Text;
using System.Text.RegularExpressions;

namespace Switchboard.Contract;

/// <summary>What a platform's answers must look like, beyond what OpenAI's format asks. The default is what any client of OpenAI's takes.</summary>
internal sealed partial record AnswerForm
{
    public static readonly AnswerForm Plain = new();

    private static readonly char[] SentenceEnds = [' ', '.', ',', '…', '。', '，'];

    /// <summary>
    /// Whether <c>finish_reason</c> stands in the last chunk alone, and that chunk is the last of all, with the usage in it; else it is null in those before, and
    /// the usage has a chunk of its own.
    /// </summary>
    public bool FinishesInLastChunkOnly { get; init; }

    /// <summary>The most bytes of a streamed answer, all that frames it and keeps it alive included; null for no limit but time.</summary>
    public int? MaxBytes { get; init; }

    /// <summary>
    /// What an answer says that was superseded before its first word: nothing, unless the platform takes an empty answer for a failure, and asks for the
    /// superseded words again.
    /// </summary>
    public string WhenSuperseded { get; init; } = "";

    /// <summary>What a filler ends with, so that the voice speaks it at once, or holds on for more; null for nothing.</summary>
    public string? FillerEnd { get; init; }

    /// <summary>Whether a first chunk without choices may say how the answer is spoken.</summary>
    public bool TakesSteering { get; init; }

    /// <summary>What that chunk says, as JSON: <c>Models:n:Agora</c>; null for no such chunk.</summary>
    public string? Steering { get; init; }

    /// <summary>Whether the client knows functions alone, as before there were tools: a call of one is then <c>function_call</c>, and there is one in an answer.</summary>
    public bool HasFunctionCall { get; init; }

    /// <summary>Why an answer ends, in the client's words.</summary>
    public string FinishReason(string reason) => HasFunctionCall && reason == FinishReasons.ToolCalls ? FinishReasons.FunctionCall : reason;

    /// <summary>A filler with the end that the platform wants; one that has it stays as it is.</summary>
    public string Filler(string phrase) =>
        FillerEnd is not { } end ? phrase
        // The end takes the place of the sentence's own.
        : end.StartsWith('.') ? phrase.TrimEnd(SentenceEnds) + end
        : Flush().IsMatch(phrase) ? phrase
        : $"{phrase.TrimEnd()} {end}";

    // https://docs.vapi.ai/assistants/flush-syntax has these forms, in any case.
    [GeneratedRegex(@"<(/?flush|flush\s*/)>\s*\z", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Flush();
}

/// <summary>The body of an answer to a platform that takes so many bytes and no more: what is written is counted, and room is kept for an end.</summary>
/// <param name="output">The response body.</param>
/// <param name="most">The most bytes.</param>
internal sealed class BoundedOutput(IBufferWriter<byte> output, int most) : IBufferWriter<byte>
{
    // The length, and two line ends, of a chunk of HTTP/1.1.
    private const int FrameOfFlush = 12;

    // The usage, [DONE], an error, and what JSON has around a tool call.
    private const int EndLength = 1024;

    // \u0000: no character of a string takes more.
    private const int MaxBytesPerChar = 6;

    private long _room = most;

    /// <summary>Whether something had no room.</summary>
    public bool IsFull { get; private set; }

    /// <summary>Keeps room for the end of the answer.</summary>
    /// <param name="chunk">The length of a chunk without its text.</param>
    public void Reserve(int chunk) => _room -= EndLength + (3 * chunk);

    public void Flushed() => _room -= FrameOfFlush;

    public bool HasRoomFor(int length) => length <= _room;

    /// <summary>Whether there is room for a chunk with these texts; if not, the answer is full.</summary>
    public bool HasRoomFor(int chunk, params ReadOnlySpan<string?> texts)
    {
        long length = chunk + EndLength;
        foreach (var text in texts)
        {
            length += Length(text);
        }

        IsFull |= length > _room;
        return !IsFull;
    }

    /// <summary>How many characters of a text there is room for, in a chunk of its own; if not for all, the answer is full.</summary>
    public int Fit(ReadOnlySpan<char> text, int chunk)
    {
        var room = _room - chunk - FrameOfFlush;
        if ((long)text.Length * MaxBytesPerChar <= room)
        {
            return text.Length;
        }

        var fits = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            room -= Length(rune);
            if (room < 0)
            {
                IsFull = true;
                return fits;
            }

            fits += rune.Utf16SequenceLength;
        }

        return text.Length;
    }

    public void Advance(int count)
    {
        _room -= count;
        output.Advance(count);
    }

    public Memory<byte> GetMemory(int sizeHint = 0) => output.GetMemory(sizeHint);

    public Span<byte> GetSpan(int sizeHint = 0) => output.GetSpan(sizeHint);

    private static long Length(string? text)
    {
        var length = 0L;
        foreach (var rune in text.AsSpan().EnumerateRunes())
        {
            length += Length(rune);
        }

        return length;
    }

    // In a JSON string: what has to be escaped takes most.
    private static int Length(Rune rune) => rune.IsAscii && !Rune.IsControl(rune) && rune.Value is not ('"' or '\\') ? 1 : rune.Value >= 0x10000 ? 2 * MaxBytesPerChar : MaxBytesPerChar;
}
