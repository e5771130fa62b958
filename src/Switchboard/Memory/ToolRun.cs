using System.Globalization;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.AI;
using Switchboard.Contract;

namespace Switchboard.Memory;

/// <summary>What became of a tool that was run.</summary>
/// <param name="Text">What the responder is told.</param>
/// <param name="Effect">What is known of what it did.</param>
internal sealed record ToolResult(string Text, ToolEffect Effect)
{
    public static readonly ToolResult Nothing = new("", ToolEffect.None);
}

/// <summary>What is known of what a tool did.</summary>
internal enum ToolEffect
{
    /// <summary>It has answered, be it with a failure.</summary>
    Answered,

    /// <summary>It was asked and has not answered: it may have acted.</summary>
    Unknown,

    /// <summary>It was not asked, or asking it twice does no harm: nothing needs to be kept.</summary>
    None,
}

/// <summary>What is to be run.</summary>
/// <param name="Call">The responder's call; its arguments can be read.</param>
/// <param name="Server">Where the tool is.</param>
/// <param name="Round">The number of the responder's answer that it is in.</param>
/// <param name="IsRepeatable">Whether running it twice does no harm.</param>
/// <param name="Timeout">The longest that it may take.</param>
/// <param name="Run">Runs it. What it throws is an error in this app.</param>
internal sealed record ToolRequest(FunctionCallContent Call, string Server, int Round, bool IsRepeatable, TimeSpan Timeout, Func<Task<ToolResult>> Run);

/// <summary>A run of a tool, which goes on to its end whoever waits for it.</summary>
/// <param name="call">The responder's call.</param>
/// <param name="words">The digest of the caller's words that it is run for; null where there are none.</param>
internal sealed class ToolRun(FunctionCallContent call, string? words)
{
    /// <summary>The most of a result that later turns of the call are shown, in characters: it is read again in each of them.</summary>
    public const int MaxRecalled = 4_096;

    private const string StillRunning = "The tool is still running, and what comes of it is not known yet. Do not call it again for the same thing.";
    private const string NoAnswer = "The tool gave no answer. Whether it has done anything is not known.";
    private const string Cut = "\n[The rest of the result is left out here.]";

    private readonly TaskCompletionSource<ToolResult> _result = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private string? _recalled;

    /// <summary>The call as it goes back into a history.</summary>
    public FunctionCallContent Call { get; } = ToolCallJson.With(call, call.Name);

    public string? Words => words;

    /// <summary>What the responder's answer is known by that it was called in.</summary>
    public required string Round { get; init; }

    public Task<ToolResult> Result => _result.Task;

    public bool IsRunning => !_result.Task.IsCompleted;

    /// <summary>Whether it has left something to be known.</summary>
    public bool IsKept => IsRunning || _result.Task is { IsCompletedSuccessfully: true, Result.Effect: not ToolEffect.None };

    /// <summary>The memory that it takes, in bytes, roughly.</summary>
    public long Size { get; private set; } = 512 + (sizeof(char) * (call.Name.Length + ToolCallJson.Arguments(call).Length + Thoughts.Length(call)));

    /// <summary>What later turns are told of it: the same to the letter each time, once it is over.</summary>
    public string Recalled => IsRunning ? StillRunning : _recalled ??= _result.Task.Result is { Effect: ToolEffect.Answered, Text: var text }
        ? Common.TextCut.Cut(text, MaxRecalled) + (text.Length > MaxRecalled ? Cut : "")
        : NoAnswer;

    public void End(ToolResult result)
    {
        Size += sizeof(char) * (long)result.Text.Length;
        _result.TrySetResult(result);
    }

    public void Fail(Exception failure)
    {
        _result.TrySetException(failure);
        // Nobody may be waiting any more.
        _ = _result.Task.Exception;
    }
}

/// <summary>By what two calls of a tool are known to ask for the same.</summary>
internal static class ToolKey
{
    /// <summary>The digest of the tool and of its arguments, in whatever order and with whatever spaces they are written.</summary>
    /// <param name="server">Where the tool is.</param>
    /// <param name="call">The call; its arguments can be read.</param>
    public static string Of(string server, FunctionCallContent call)
    {
        var text = new StringBuilder();
        using (var arguments = JsonDocument.Parse(ToolCallJson.Arguments(call)))
        {
            Write(arguments.RootElement, text);
        }

        return new Digest().Add(server).Add(call.Name).Add(text.ToString()).Finish();
    }

    private static void Write(JsonElement value, StringBuilder text)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                text.Append('{');
                // A name may stand there twice: the last one counts.
                foreach (var field in value.EnumerateObject().GroupBy(field => field.Name, StringComparer.Ordinal).OrderBy(field => field.Key, StringComparer.Ordinal))
                {
                    text.Append(CultureInfo.InvariantCulture, $"{field.Key.Length}:{field.Key}=");
                    Write(field.Last().Value, text);
                }

                text.Append('}');
                break;
            case JsonValueKind.Array:
                text.Append('[');
                foreach (var item in value.EnumerateArray())
                {
                    Write(item, text);
                    text.Append(',');
                }

                text.Append(']');
                break;
            case JsonValueKind.String:
                var said = value.GetString()!;
                text.Append(CultureInfo.InvariantCulture, $"{said.Length}\"{said}");
                break;
            case JsonValueKind.Number when value.TryGetDecimal(out var number):
                // 2 and 2.0 are one number.
                text.Append((number / 1.000000000000000000000000000000m).ToString(CultureInfo.InvariantCulture));
                break;
            default:
                text.Append(value.GetRawText());
                break;
        }
    }
}
