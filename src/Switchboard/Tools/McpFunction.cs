using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;
using ModelContextProtocol;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;
using Switchboard.Common;
using Switchboard.Contract;
using Switchboard.Memory;
using Switchboard.Platforms;

namespace Switchboard.Tools;

/// <summary>A tool of an MCP server. Whatever goes wrong is told to the responder, so that the caller gets an answer all the same.</summary>
internal sealed partial class McpFunction(McpClient client, Tool tool, McpConnection server, TimeProvider time, ILogger logger) : DelegatingAIFunction(new McpClientTool(client, tool))
{
    /// <summary>
    /// How much of a result the responder is given, in UTF-16 characters: it is asked with all of it again in every round, and a call cannot
    /// wait for a book to be read.
    /// </summary>
    public const int MaxResultLength = 32_768;

    private const string Unavailable = "The tool is not available right now. Answer without it, and do not call it again.";

    private const string Truncated = "\n[The result was longer and is cut off here.]";

    private const string NoText = "The tool was run. What it found is no text, and cannot be shown here.";

    public override string Name { get; } = NameOf(tool.Name);

    public McpConnection Server => server;

    /// <summary>The session that it is called in.</summary>
    public McpClient Client => client;

    /// <summary>Whether the server says that to run it twice does no more than to run it once.</summary>
    /// <remarks>https://modelcontextprotocol.io/specification/2025-11-25/schema#toolannotations: hints, of a server that is trusted with more than this.</remarks>
    public bool IsRepeatable { get; } = tool.Annotations is { ReadOnlyHint: true } or { IdempotentHint: true };

    /// <summary>What it adds to a request, in characters.</summary>
    public int Length { get; } = McpToolList.LengthOf(tool);

    /// <summary>The name for the responder: MCP allows characters, and lengths, that OpenAI's format does not.</summary>
    /// <remarks>https://platform.openai.com/docs/api-reference/chat/create#chat_create-tools</remarks>
    public static string NameOf(string tool) => TextCut.Cut(InvalidCharacters().Replace(tool, "_"), 64);

    protected override async ValueTask<object?> InvokeCoreAsync(AIFunctionArguments arguments, CancellationToken cancellationToken) =>
        (await RunAsync(arguments, turn: null, cancellationToken)).Text;

    /// <summary>Runs it within <see cref="McpServerOptions.CallTimeout"/>.</summary>
    /// <param name="arguments">What it is called with.</param>
    /// <param name="turn">The options of the turn that it runs for; null outside a turn.</param>
    /// <param name="cancellationToken">Gives it up.</param>
    public async Task<ToolResult> RunAsync(AIFunctionArguments arguments, ChatOptions? turn, CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(server.Options.CallTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, deadline.Token);
        var attempt = new Attempt();
        try
        {
            var result = await CallAsync(arguments, attempt, either.Token);
            return new(Bounded(result.IsError is true ? $"The tool failed: {Text(result)}" : Text(result)), ToolEffect.Answered);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            throw;
        }
        catch (McpProtocolException failure)
        {
            // The server is well; it did not like the call.
            McpLog.CallFailed(TurnOptions.LoggerOf(logger, turn), Name, server.Name, FailureText.Describe(failure));
            return new(Bounded($"The tool failed: {failure.Message}"), ToolEffect.Answered);
        }
        catch (Exception failure)
        {
            // One call tells nothing of the others. Whether the server is still there is for a listing to find out.
            McpLog.CallFailed(TurnOptions.LoggerOf(logger, turn), Name, server.Name, FailureText.Describe(failure));
            server.Check();
            return new(Unavailable, IsRepeatable || !attempt.MayHaveActed || IsRefusal(failure) ? ToolEffect.None : ToolEffect.Unknown);
        }
    }

    // Nothing has reached the server, or it has let nobody in.
    private static bool IsRefusal(Exception failure) => failure is HttpRequestException
    {
        HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError or HttpRequestError.SecureConnectionError or HttpRequestError.ProxyTunnelError,
    } or HttpRequestException { StatusCode: >= HttpStatusCode.BadRequest and < HttpStatusCode.InternalServerError and not HttpStatusCode.RequestTimeout };

    private async Task<CallToolResult> CallAsync(AIFunctionArguments arguments, Attempt attempt, CancellationToken cancellationToken)
    {
        // A session that has ended since this turn began: nothing is sent in it.
        if (!client.Completion.IsCompleted)
        {
            try
            {
                attempt.MayHaveActed = true;
                return await CallOnceAsync(arguments, cancellationToken);
            }
            catch (HttpRequestException failure) when (McpConnection.IsForgotten(failure, client))
            {
                // The server has forgotten the session, so it has not run the tool either: the call can be made once more.
                attempt.MayHaveActed = false;
            }
        }

        var again = await server.SuccessorAsync(this, cancellationToken) ?? throw new IOException("The session has ended, and there is no other.");
        attempt.MayHaveActed = true;
        return await again.CallOnceAsync(arguments, cancellationToken);
    }

    // The wait is ours: not every transport lets go at once.
    private Task<CallToolResult> CallOnceAsync(AIFunctionArguments arguments, CancellationToken cancellationToken) =>
        ((McpClientTool)InnerFunction).CallAsync(arguments, cancellationToken: cancellationToken).AsTask().WaitAsync(cancellationToken);

    private static string Text(CallToolResult result)
    {
        var text = new StringBuilder();
        foreach (var block in result.Content)
        {
            var said = block switch
            {
                TextContentBlock written => written.Text,
                EmbeddedResourceBlock { Resource: TextResourceContents file } => file.Text,
                _ => "",
            };
            text.Append(text.Length > 0 && said.Length > 0 ? "\n" : "").Append(said);
            if (text.Length > MaxResultLength)
            {
                break;
            }
        }

        return text.Length > 0 ? text.ToString() : result.StructuredContent?.ToString() ?? (result.Content.All(block => block is TextContentBlock) ? "Done." : NoText);
    }

    private static string Bounded(string text) => ImsMarks.Neutralise(TextCut.Cut(text, MaxResultLength)) + (text.Length > MaxResultLength ? Truncated : "");

    /// <summary>How far a call has come.</summary>
    private sealed class Attempt
    {
        /// <summary>Whether the server may have been reached.</summary>
        public bool MayHaveActed { get; set; }
    }

    [GeneratedRegex("[^A-Za-z0-9_-]", RegexOptions.CultureInvariant, ImsMarks.MatchTimeout)]
    private static partial Regex InvalidCharacters();
}
