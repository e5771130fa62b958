namespace Switchboard.Hosting;

/// <summary>What is secret in an address.</summary>
internal static class SecretAddress
{
    // The id of an account there, which is no secret, looks like a key: https://developers.cloudflare.com/workers-ai/configuration/open-ai-compatibility/
    private const string WithAccounts = ".cloudflare.com";

    /// <summary>The name of the first parameter that is one; null for none.</summary>
    public static string? ParameterOf(Uri address) => ParametersOf(address).Where(parameter => SecretText.IsSecret(parameter.Name, parameter.Value)).Select(parameter => parameter.Name).FirstOrDefault();

    /// <summary>Whether anything in it looks like a key.</summary>
    public static bool HasKey(Uri address) => SecretText.HasKey(Uri.UnescapeDataString(address.OriginalString))
        || SegmentsOf(address).Any(segment => IsKey(address, segment)) || ParametersOf(address).Any(parameter => SecretText.IsKey(parameter.Value));

    /// <summary>The address without it.</summary>
    public static string Masked(Uri address)
    {
        var segments = SegmentsOf(address).Select(segment => IsKey(address, segment) ? SecretText.Mask : segment);
        var parameters = ParametersOf(address).Select(parameter => $"{parameter.Name}={(SecretText.IsSecret(parameter.Name, parameter.Value) || SecretText.IsKey(parameter.Value) ? SecretText.Mask : parameter.Value)}");
        return SecretText.Masked($"{address.Scheme}://{address.Authority}{string.Join('/', segments)}?{string.Join('&', parameters)}");
    }

    private static bool IsKey(Uri address, string segment) => SecretText.IsKey(segment) && !(segment.Length == 32 && address.Host.EndsWith(WithAccounts, StringComparison.OrdinalIgnoreCase));

    private static IEnumerable<string> SegmentsOf(Uri address) => address.AbsolutePath.Split('/').Select(Uri.UnescapeDataString);

    private static IEnumerable<(string Name, string Value)> ParametersOf(Uri address) => $"{address.Query.TrimStart('?')}&{address.Fragment.TrimStart('#')}".Split('&')
        .Select(parameter => parameter.Split('=', 2)).Select(parameter => (Uri.UnescapeDataString(parameter[0]), parameter.Length > 1 ? Uri.UnescapeDataString(parameter[1]) : ""));
}
