using System.ComponentModel.DataAnnotations;

namespace Switchboard.Upstream;

/// <summary>One OpenAI-compatible service: an entry of <c>Models:n:Upstreams</c>. It has at most one of the three credentials.</summary>
public sealed class UpstreamOptions
{
    /// <summary>
    /// Where the API begins, such as <c>https://api.openai.com/v1</c> or <c>https://name.openai.azure.com/openai/v1</c>;
    /// <c>/chat/completions</c> is appended, a query is kept. Required; http or https.
    /// </summary>
    [Required]
    public Uri? BaseUrl { get; set; }

    /// <summary>The model or deployment to ask for. Default: the model id of this entry of <c>Models</c>.</summary>
    public string? Model { get; set; }

    /// <summary>The key, sent as <c>Authorization: Bearer</c>. Default none. Prefer a secret or an identity.</summary>
    public string? ApiKey { get; set; }

    /// <summary>The name of the Key Vault secret that holds the key. Default none; it needs <c>Access:KeyVault</c>.</summary>
    public string? ApiKeySecret { get; set; }

    /// <summary><c>entra</c> asks with a token of this app's identity, for Azure OpenAI. Default none.</summary>
    public UpstreamCredential? Credential { get; set; }

    /// <summary>The scope of that token. Default <c>https://cognitiveservices.azure.com/.default</c>, Azure OpenAI's.</summary>
    [Required]
    public string CredentialScope { get; set; } = "https://cognitiveservices.azure.com/.default";

    /// <summary>
    /// The field that carries the limit of an answer's tokens. Default <see cref="TokenLimitField.MaxCompletionTokens"/>: a server that
    /// does not know it answers at length, while OpenAI's reasoning models refuse a request that has the other.
    /// </summary>
    public TokenLimitField TokenLimitField { get; set; }
}
