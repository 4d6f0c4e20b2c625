/* The floor of any Tauri app on this system: a bare GTK window with a bare WebKitGTK view of one local page, drawn in
   software as Kontor draws where no GPU is. Arguments: width, height, address of the page. */
#include <stdlib.h>
#include <webkit2/webkit2.h>

int main(int count, char **words)
{
    gtk_init(&count, &words);
    if (count != 4)
        return 2;
    GtkWidget *window = gtk_window_new(GTK_WINDOW_TOPLEVEL);
    gtk_window_set_default_size(GTK_WINDOW(window), atoi(words[1]), atoi(words[2]));
    GtkWidget *view = webkit_web_view_new();
    webkit_settings_set_hardware_acceleration_policy(webkit_web_view_get_settings(WEBKIT_WEB_VIEW(view)),
                                                     WEBKIT_HARDWARE_ACCELERATION_POLICY_NEVER);
    gtk_container_add(GTK_CONTAINER(window), view);
    webkit_web_view_load_uri(WEBKIT_WEB_VIEW(view), words[3]);
    g_signal_connect(window, "destroy", G_CALLBACK(gtk_main_quit), NULL);
    gtk_widget_show_all(window);
    gtk_main();
    return 0;
}
