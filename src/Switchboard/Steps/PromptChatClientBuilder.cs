using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Switchboard.Templates;

namespace Switchboard.Steps;

/// <summary>Adds <see cref="PromptChatClient"/> to a pipeline.</summary>
internal static class PromptChatClientBuilder
{
    /// <summary>Puts the system prompt before the conversation; does nothing without a prompt.</summary>
    /// <param name="builder">The pipeline.</param>
    /// <param name="prompt">The prompt's template, without faults.</param>
    /// <param name="timeZone">The zone of its local time.</param>
    public static ChatClientBuilder UsePrompt(this ChatClientBuilder builder, string? prompt, string timeZone) =>
        string.IsNullOrWhiteSpace(prompt) ? builder
        : builder.Use((inner, services) => new PromptChatClient(
            inner, new PromptTemplate(prompt, timeZone, services.GetRequiredService<TimeProvider>())));
}
