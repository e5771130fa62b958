using System.Text;
using System.Text.RegularExpressions;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;
using ModelContextProtocol;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;
using Switchboard.Calls;
using Switchboard.Telemetry;

namespace Switchboard.Tools;

/// <summary>A tool of an MCP server. Whatever goes wrong is told to the responder, so that the caller gets an answer all the same.</summary>
internal sealed partial class McpFunction(McpClientTool tool, McpConnection server, TimeProvider time, ILogger logger) : DelegatingAIFunction(tool)
{
    /// <summary>
    /// How much of a result the responder is given, in UTF-16 characters: it is asked with all of it again in every round, and a call cannot
    /// wait for a book to be read.
    /// </summary>
    public const int MaxResultLength = 32_768;

    private const string Unavailable = "The tool is not available right now. Answer without it, and do not call it again.";

    private const string Truncated = "\n[The result was longer and is cut off here.]";

    private const string NotJson = "The tool was not run: its arguments are no JSON object. Call it again with correct ones.";

    /// <summary>The name for the responder: MCP allows characters that OpenAI's format does not.</summary>
    /// <remarks>https://platform.openai.com/docs/api-reference/chat/create#chat_create-tools</remarks>
    public override string Name { get; } = Cut(Odd().Replace(tool.Name, "_"));

    public McpConnection Server => server;

    protected override async ValueTask<object?> InvokeCoreAsync(AIFunctionArguments arguments, CancellationToken cancellationToken)
    {
        if (FunctionInvokingChatClient.CurrentContext?.CallContent.Exception is not null)
        {
            return NotJson;
        }

        using var deadline = new CancellationTokenSource(server.Options.CallTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, deadline.Token);
        try
        {
            // The wait is ours: not every transport lets go at once.
            var result = await tool.CallAsync(arguments, cancellationToken: either.Token).AsTask().WaitAsync(either.Token);
            return Told(result.IsError is true ? $"The tool failed: {Text(result)}" : Text(result));
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            throw;
        }
        catch (McpProtocolException fault)
        {
            // The server is well; it did not like the call.
            McpLog.CallFailed(logger, Name, server.Name, FaultText.Describe(fault));
            return Told($"The tool failed: {fault.Message}");
        }
        catch (Exception fault)
        {
            McpLog.CallFailed(logger, Name, server.Name, FaultText.Describe(fault));
            server.Doubt();
            return Unavailable;
        }
    }

    private static string Text(CallToolResult result)
    {
        var text = new StringBuilder();
        foreach (var block in result.Content.OfType<TextContentBlock>())
        {
            text.Append(text.Length > 0 ? "\n" : "").Append(block.Text);
        }

        return text.Length > 0 ? text.ToString() : result.StructuredContent?.ToString() ?? "Done.";
    }

    private static string Told(string text)
    {
        if (text.Length <= MaxResultLength)
        {
            return ImsMarks.Neutralise(text);
        }

        // Half of a surrogate pair could not be sent.
        var end = char.IsHighSurrogate(text[MaxResultLength - 1]) ? MaxResultLength - 1 : MaxResultLength;
        return ImsMarks.Neutralise(text[..end]) + Truncated;
    }

    private static string Cut(string name) => name.Length > 64 ? name[..64] : name;

    [GeneratedRegex("[^A-Za-z0-9_-]", RegexOptions.CultureInvariant)]
    private static partial Regex Odd();
}
