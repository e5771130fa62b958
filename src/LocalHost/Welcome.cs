using System.Text;
using Switchboard.Contract;
using Switchboard.Hosting;

namespace LocalHost;

/// <summary>What a newcomer needs to make the first call: base URL, key, one line to paste.</summary>
internal static class Welcome
{
    public static string Text(string address, LocalSettings? file, SwitchboardOptions options, LoadedSettings? settings = null, OperatorKey? made = null)
    {
        var text = new StringBuilder();
        text.AppendLine($"Switchboard answers at {address}");
        string?[] files = [file?.Path, settings?.File];
        text.AppendLine($"  settings   {string.Join(", ", files.OfType<string>().DefaultIfEmpty($"environment only: there is no {SettingsFolder.FileName} and no local.settings.json here"))}{(settings is null ? "" : $" (version {settings.Version})")}");
        text.AppendLine($"  models     {string.Join(", ", options.Models.Select(model => $"{model.Id} ({model.Responder})"))}");
        // A terminal is seen by others, and kept; the sample's key is public anyhow.
        var isPublic = options.Access.HasApiKey(LocalSettings.SampleKey);
        if (options.Console.Enabled)
        {
            // A browser keeps what follows # to itself, and the page takes it out of the address. No other key than the public one, and for this machine only.
            text.AppendLine(isPublic && ListenUrl.IsLoopback(address)
                ? $"  console    {address}/{Routes.Console}#key={LocalSettings.SampleKey}  (open it in a browser: it connects by itself)"
                : $"  console    {address}/{Routes.Console}  (open it in a browser)");
        }

        if (options.Transcripts.AreKept)
        {
            text.AppendLine($"  calls      {(options.Transcripts.HasTables ? "stored in the configured tables" : "kept in memory until this program stops")}");
            text.AppendLine($"  operator key  {OperatorKeyText(options, made)}");
        }

        if (options.Access.ApiKeys.Count == 0)
        {
            text.AppendLine(options.Access.KeyVault.Uri is { } vault
                ? $"  API key    from {vault}, secret {options.Access.KeyVault.SecretName}; health/ready says whether it is loaded"
                : $"  API key    none is configured, so every request is refused: set Access__ApiKeys__0{(file is { Values.Count: 0 } ? $", in the environment or within Values of {file.Path}, which has none" : "")}");
            return text.ToString();
        }

        var id = options.Models.FirstOrDefault(model => model.Default)?.Id ?? options.Models[0].Id;
        text.AppendLine($"  base URL   {address}/v1");
        var key = isPublic ? LocalSettings.SampleKey : "$KEY";
        text.AppendLine(isPublic ? $"  API key    {key}  (from the sample: public, for this machine only)" : $"  API key    not shown; it is set as Access:ApiKeys in {Source(file)}");
        // The certificate is for the name that platforms call.
        var isTls = address.StartsWith("https:", StringComparison.Ordinal);
        text.AppendLine($"Try it{(isPublic ? "" : ", with the key in the variable KEY")}{(isTls ? " (-k: the certificate is for another name than this one)" : "")}:");
        text.AppendLine(
            $$"""  curl {{(isTls ? "-k " : "")}}-N {{address}}/v1/chat/completions -H "Authorization: Bearer {{key}}" -H "Content-Type: application/json" -d '{"model":"{{id}}","stream":true,"messages":[{"role":"user","content":"Hello"}]}'""");
        return text.ToString();
    }

    private static string OperatorKeyText(SwitchboardOptions options, OperatorKey? made) =>
        made is { IsInForce: true } ? $"{made.Text}  (opens the calls; made for this run)"
        : options.Access.OperatorKeys.Count > 0 ? "not shown; it is set as Access:OperatorKeys"
        : options.Access.KeyVault.Uri is { } vault ? $"from {vault}, secret {options.Access.KeyVault.OperatorSecretName}"
        : "none is configured, so nobody can see them: set Access__OperatorKeys__0";

    // The environment wins over the file.
    private static string Source(LocalSettings? file) =>
        file?.Values.Keys.Any(name => name.StartsWith("Access:ApiKeys:", StringComparison.OrdinalIgnoreCase)) is true ? $"{file.Path}, or in the environment" : "the environment";
}
