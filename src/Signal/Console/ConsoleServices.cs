using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.Extensions.DependencyInjection.Extensions;
using MudBlazor;
using MudBlazor.Services;
using Signal.Console.Access;
using Signal.Console.Data;
using Signal.Console.Parts;
using Signal.Manage.Access;

namespace Signal.Console;

/// <summary>The services of this room.</summary>
internal static class ConsoleServices
{
    /// <summary>The console. Needs <see cref="Manage.ManageServices.AddManage"/> beside it.</summary>
    public static IServiceCollection AddConsole(this IServiceCollection services, ConsoleOptions? options = null)
    {
        options ??= new ConsoleOptions();
        services.AddSingleton(options);
        services.AddLocalization();
        services.AddRazorComponents().AddInteractiveServerComponents();
        services.AddMudServices(mud =>
        {
            mud.SnackbarConfiguration.PositionClass = Defaults.Classes.Position.BottomCenter;
            mud.SnackbarConfiguration.VisibleStateDuration = 6000;
            mud.SnackbarConfiguration.PreventDuplicates = true;
        });
        services.AddSingleton<Handover>();
        services.AddScoped<Reader>().AddScoped<Operator>().AddScoped<Once>().AddScoped<Say>();
        services.AddConsoleAccess(options);
        if (options.SingleSignOn is { } provider) services.AddProviderSignOn(provider);
        services.AddConsoleData();
        return services;
    }

    private static void AddConsoleAccess(this IServiceCollection services, ConsoleOptions options)
    {
        services.AddDataProtection().SetApplicationName("signal");
        services.Configure<KeyManagementOptions>(k => k.AutoGenerateKeys = false);
        services.Replace(ServiceDescriptor.Singleton<IKeyManager, SessionKeys>());
        services.AddAntiforgery(a =>
        {
            a.Cookie.Name = "signal_form";
            a.Cookie.SameSite = SameSiteMode.Strict;
        });
        services.AddScoped<ConsoleCookie>();
        services.AddAuthentication().AddCookie(ConsoleCookie.Scheme, cookie => ConsoleCookie.Configure(cookie, options));
        var policies = services.AddAuthorizationBuilder();
        foreach (var role in Roles.All)
            policies.AddPolicy(ConsolePolicy.Of(role), p => p.AddAuthenticationSchemes(ConsoleCookie.Scheme).RequireRole(Roles.AtLeast(role)));
        services.AddScoped<AuthenticationStateProvider, LiveSession>();
        services.AddCascadingAuthenticationState();
    }
}
