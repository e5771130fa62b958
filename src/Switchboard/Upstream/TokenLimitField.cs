namespace Switchboard.Upstream;

/// <summary>The two names of one parameter: how many tokens an answer may have.</summary>
public enum TokenLimitField
{
    /// <summary><c>max_completion_tokens</c>: OpenAI and Azure OpenAI, whose reasoning models refuse the older name.</summary>
    MaxCompletionTokens,

    /// <summary><c>max_tokens</c>: servers that know only the older name and would pass over the limit (Ollama, DeepSeek, DashScope).</summary>
    MaxTokens,
}
