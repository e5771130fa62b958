using System.Text;
using Switchboard.Contract;
using Switchboard.Hosting;

namespace LocalHost;

/// <summary>What a newcomer needs to make the first call: base URL, key, one line to paste.</summary>
internal static class Welcome
{
    public static string Text(string address, LocalSettings? file, SwitchboardOptions options)
    {
        var text = new StringBuilder();
        text.AppendLine($"Switchboard answers at {address}");
        text.AppendLine($"  settings   {file?.Path ?? "environment only: there is no local.settings.json here"}");
        text.AppendLine($"  models     {string.Join(", ", options.Models.Select(model => $"{model.Id} ({model.Responder})"))}");
        if (options.Console.Enabled)
        {
            text.AppendLine($"  console    {address}/{Routes.Console}  (open it in a browser)");
        }

        if (options.Access.ApiKeys.Count == 0)
        {
            text.AppendLine(options.Access.KeyVault.Uri is { } vault
                ? $"  API key    from {vault}, secret {options.Access.KeyVault.SecretName}; health/ready says whether it is loaded"
                : "  API key    none is configured, so every request is refused: set Access__ApiKeys__0");
            return text.ToString();
        }

        var id = options.Models.FirstOrDefault(model => model.Default)?.Id ?? options.Models[0].Id;
        text.AppendLine($"  base URL   {address}/v1");
        // A terminal is seen by others, and kept; the sample's key is public anyhow.
        var isPublic = options.Access.ApiKeys.Contains(LocalSettings.SampleKey);
        var key = isPublic ? LocalSettings.SampleKey : "$KEY";
        text.AppendLine(isPublic ? $"  API key    {key}  (from the sample: public, for this machine only)" : $"  API key    not shown; it is set as Access:ApiKeys in {Source(file)}");
        text.AppendLine(isPublic ? "Try it:" : "Try it, with the key in the variable KEY:");
        text.AppendLine(
            $$"""  curl -N {{address}}/v1/chat/completions -H "Authorization: Bearer {{key}}" -H "Content-Type: application/json" -d '{"model":"{{id}}","stream":true,"messages":[{"role":"user","content":"Hello"}]}'""");
        return text.ToString();
    }

    // The environment wins over the file.
    private static string Source(LocalSettings? file) =>
        file?.Values.Keys.Any(name => name.StartsWith("Access:ApiKeys:", StringComparison.OrdinalIgnoreCase)) is true ? $"{file.Path}, or in the environment" : "the environment";
}
