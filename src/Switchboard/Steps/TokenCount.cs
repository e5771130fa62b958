using System.Text.Json;
using Microsoft.Extensions.AI;
using Microsoft.ML.Tokenizers;
using Switchboard.Common;
using Switchboard.Contract;

namespace Switchboard.Steps;

/// <summary>About how many tokens a message takes.</summary>
internal static class TokenCount
{
    // https://cookbook.openai.com/examples/how_to_count_tokens_with_tiktoken: the frame of a message.
    private const int PerMessage = 4;

    // https://platform.openai.com/docs/guides/images-vision#calculating-costs: a picture of 1024 x 1024.
    private const int PerMedium = 765;

    // The tokenizer is quadratic in what has no break: 50,000 Chinese characters took it 12.7 s. So a text is counted in slices, cut at white
    // space where there is any. A hard cut may part a token, which adds one in some hundred.
    private const int Slice = 128;

    // Its tables take a fifth of a second and some 40 MB, so only those pay who set a limit.
    private static readonly Lazy<Tokenizer> Tokenizer = new(() => TiktokenTokenizer.CreateForEncoding("o200k_base"));

    /// <summary>Loads the tables now, away from a call.</summary>
    public static Task WarmAsync() => Task.Run(() => _ = Tokenizer.Value);

    public static int Of(ChatMessage message) => PerMessage + message.Contents.Sum(Of);

    private static int Of(AIContent content) => content switch
    {
        TextContent text => Of(text.Text),
        FunctionCallContent call => Of(call.Name) + (call.Arguments?.Sum(argument => Of(argument.Key) + Of(argument.Value)) ?? 0),
        FunctionResultContent result => Of(result.Result),
        DataContent or UriContent or UnreadContent { IsFile: true } => PerMedium,
        _ => 0,
    };

    private static int Of(object? value) => Of(value is JsonElement element ? element.GetRawText() : value?.ToString() ?? "");

    /// <summary>About how many tokens a text takes, in time that grows as its length does.</summary>
    public static int Of(string text)
    {
        var count = 0;
        for (var rest = text.AsSpan(); !rest.IsEmpty;)
        {
            var length = SliceLength(rest);
            count += Tokenizer.Value.CountTokens(rest[..length]);
            rest = rest[length..];
        }

        return count;
    }

    // A token begins with the space before its word, so a slice ends before one. It never parts the halves of a character.
    private static int SliceLength(ReadOnlySpan<char> text)
    {
        if (text.Length <= Slice)
        {
            return text.Length;
        }

        for (var length = Slice; length > 0; length--)
        {
            if (char.IsWhiteSpace(text[length]) && !char.IsWhiteSpace(text[length - 1]))
            {
                return length;
            }
        }

        return TextCut.Length(text, Slice);
    }
}
