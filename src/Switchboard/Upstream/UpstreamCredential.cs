namespace Switchboard.Upstream;

/// <summary>How a key is had that no configuration holds.</summary>
public enum UpstreamCredential
{
    /// <summary>A Microsoft Entra ID token of this app's identity, from <c>DefaultAzureCredential</c>.</summary>
    Entra,
}
