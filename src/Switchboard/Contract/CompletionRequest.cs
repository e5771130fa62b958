using Microsoft.Extensions.AI;

namespace Switchboard.Contract;

/// <summary>A validated chat-completions request.</summary>
/// <param name="Model">The model id, as sent.</param>
/// <param name="Messages">The conversation, oldest first; never empty.</param>
/// <param name="Stream">Whether the answer is streamed.</param>
/// <param name="IncludeUsage">Whether a streamed answer ends with a usage chunk.</param>
/// <remarks>https://platform.openai.com/docs/api-reference/chat/create</remarks>
internal sealed record CompletionRequest(string Model, IReadOnlyList<ChatMessage> Messages, bool Stream, bool IncludeUsage);
