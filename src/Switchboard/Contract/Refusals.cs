using Microsoft.Extensions.AI;

namespace Switchboard.Contract;

/// <summary>What a model says when it declines: on the wire beside the content, here an <see cref="ErrorContent"/> of its own code, as in Microsoft.Extensions.AI.OpenAI.</summary>
internal static class Refusals
{
    private const string Code = "Refusal";

    public static ErrorContent Content(string text) => new(text) { ErrorCode = Code };

    public static bool Is(AIContent content) => content is ErrorContent { ErrorCode: Code };
}
