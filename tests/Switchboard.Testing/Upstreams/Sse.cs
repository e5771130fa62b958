using System.Text.Json;

namespace Switchboard.Testing;

/// <summary>Events of a chat-completions stream, as an upstream writes them.</summary>
internal static class Sse
{
    public const string Done = "data: [DONE]\n\n";

    public const string Role = """data: {"id":"chatcmpl-1","object":"chat.completion.chunk","created":1760000000,"model":"up","choices":[{"index":0,"delta":{"role":"assistant","content":""},"finish_reason":null}]}""" + "\n\n";

    public const string Usage = """data: {"id":"chatcmpl-1","object":"chat.completion.chunk","created":1760000000,"model":"up","choices":[],"usage":{"prompt_tokens":7,"completion_tokens":3,"total_tokens":10}}""" + "\n\n";

    public static string Text(string text) => Delta($$"""{"content":{{Quote(text)}}}""");

    public static string Reasoning(string text) => Delta($$"""{"reasoning_content":{{Quote(text)}}}""");

    public static string Finish(string reason = "stop") => Delta("{}", Quote(reason));

    public static string Delta(string delta, string finishReason = "null") =>
        $$$"""data: {"id":"chatcmpl-1","object":"chat.completion.chunk","created":1760000000,"model":"up","choices":[{"index":0,"delta":{{{delta}}},"finish_reason":{{{finishReason}}}}]}""" + "\n\n";

    /// <summary>A whole, good answer.</summary>
    public static string Answer(params string[] texts) => Role + string.Concat(texts.Select(Text)) + Finish() + Usage + Done;

    public static string Quote(string text) => $"\"{JsonEncodedText.Encode(text)}\"";
}
