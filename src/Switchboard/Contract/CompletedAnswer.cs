using Microsoft.Extensions.AI;

namespace Switchboard.Contract;

/// <summary>A whole answer.</summary>
internal sealed record CompletedAnswer(string Text, FunctionCallContent[] ToolCalls, string FinishReason, UsageDetails Usage);
